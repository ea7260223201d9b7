using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A protobuf message as lines of text in the order of its fields, without times, tokens and sizes.</summary>
public static class MessageText
{
    // Times and sizes differ from play to play; stack traces name lines of this code; task ids and versions are the server's own.
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "stack_trace", "task_id", "version", "history_size_bytes", "state_transition_count", "event_time", "execution_duration",

        // The SDK's own, in the order of a hash table.
        "poller_scaling_decision", "core_used_flags", "lang_used_flags",
    };

    /// <summary>The lines of a message.</summary>
    public static IEnumerable<string> Lines(IMessage message, Mask mask, string indent = "")
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder().OrderBy(f => f.FieldNumber))
        {
            if (Left.Contains(field.Name) || (field.HasPresence && !field.Accessor.HasValue(message)))
            {
                continue;
            }

            foreach (string line in Field(field, field.Accessor.GetValue(message), mask, indent))
            {
                yield return line;
            }
        }
    }

    /// <summary>A payload's data as text.</summary>
    public static string Text(Payload payload)
    {
        string encoding = payload.Metadata.TryGetValue("encoding", out ByteString? value) ? value.ToStringUtf8() : "";
        string type = payload.Metadata.TryGetValue("type", out ByteString? named) ? $" ({named.ToStringUtf8()})" : "";
        return encoding == "json/plain" ? payload.Data.ToStringUtf8() + type : $"{encoding}:{payload.Data.ToStringUtf8()}{type}";
    }

    private static IEnumerable<string> Field(FieldDescriptor field, object value, Mask mask, string indent)
    {
        if (field.IsMap)
        {
            FieldDescriptor entry = field.MessageType.FindFieldByNumber(2);
            var map = (IDictionary)value;
            return map.Keys.Cast<object>().Select(key => (Key: mask.Text(key.ToString()!), Value: map[key]!)).OrderBy(e => e.Key, StringComparer.Ordinal)
                .SelectMany(e => Single($"{field.Name}[{e.Key}]", entry, e.Value, mask, indent));
        }

        return field.IsRepeated
            ? ((IEnumerable)value).Cast<object>().SelectMany(item => Single(field.Name, field, item, mask, indent))
            : Single(field.Name, field, value, mask, indent);
    }

    private static IEnumerable<string> Single(string name, FieldDescriptor field, object value, Mask mask, string indent)
    {
        switch (value)
        {
            case Timestamp:
                return [$"{indent}{name}: <time>"];
            case Duration duration when field.Name == "first_workflow_task_backoff":
                // What is left of a second since the last run began.
                return [$"{indent}{name}: at most {Math.Ceiling(duration.ToTimeSpan().TotalSeconds).ToString(CultureInfo.InvariantCulture)} s"];
            case Duration duration:
                return [$"{indent}{name}: {duration.ToTimeSpan().TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s"];
            case Payload payload:
                return [$"{indent}{name}: {mask.Text(Text(payload))}"];
            case IMessage message:
                string[] inner = [.. Lines(message, mask, indent + "  ")];
                return inner.Length == 0 && field.ContainingOneof is null ? [] : [$"{indent}{name}:", .. inner];
            case ByteString bytes:
                return bytes.IsEmpty ? [] : [$"{indent}{name}: <bytes>"];
            case string { Length: > 0 } when field.Name == "request_id":
                return [$"{indent}{name}: <any>"];
            case string text:
                return text.Length == 0 ? [] : [$"{indent}{name}: {mask.Text(text)}"];
            case bool truth:
                return truth ? [$"{indent}{name}: true"] : [];
            case System.Enum member:
                return Convert.ToInt32(member, CultureInfo.InvariantCulture) == 0 ? [] : [$"{indent}{name}: {member}"];
            default:
                string number = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                return number == "0" ? [] : [$"{indent}{name}: {number}"];
        }
    }
}
