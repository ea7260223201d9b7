using System.Text;
using System.Text.Json;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>Search attributes as JSON that SQL can compare: the payloads' own JSON, with dates as ticks.</summary>
internal static class SearchValues
{
    public static string ToJson(SearchAttributes attributes)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, payload) in attributes.IndexedFields.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                if (IsEmpty(payload))
                {
                    continue;
                }

                writer.WritePropertyName(name);
                string type = payload.Metadata.TryGetValue("type", out var t) ? t.ToStringUtf8() : "";
                using var value = JsonDocument.Parse(payload.Data.Memory);
                if (type == "Datetime" && value.RootElement.ValueKind == JsonValueKind.String && value.RootElement.TryGetDateTimeOffset(out var time))
                {
                    writer.WriteNumberValue(time.UtcTicks);
                }
                else
                {
                    value.RootElement.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Whether an upsert with this payload removes the attribute.</summary>
    public static bool IsEmpty(Payload payload)
    {
        string encoding = payload.Metadata.TryGetValue("encoding", out var e) ? e.ToStringUtf8() : "";
        var text = payload.Data.Span;
        return encoding == "binary/null" || text.Length == 0 || text.SequenceEqual("null"u8) || text.SequenceEqual("[]"u8);
    }
}
