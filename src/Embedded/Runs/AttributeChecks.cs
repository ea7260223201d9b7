using System.Text.Json;
using VirtEngine.DR.Embedded.Host;
using VirtEngine.DR.Embedded.Visibility;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Whether search attributes are ones that the namespace has, with values of their types.</summary>
internal static class AttributeChecks
{
    /// <summary>What is wrong with the first bad one; null when all are well.</summary>
    public static string? Find(Turn turn, string ns, SearchAttributes? attributes)
    {
        foreach (var (name, payload) in attributes?.IndexedFields ?? [])
        {
            var known = turn.State.Namespace(ns).SearchAttributes;
            if (!known.TryGetValue(name, out var type))
            {
                if (OperatorHandlers.IsSystem(name))
                {
                    continue;
                }

                return $"Namespace {ns} has no mapping defined for search attribute {name}; it has {string.Join(", ", known.Keys)}";
            }

            if (!SearchValues.IsEmpty(payload) && !Fits(payload, type))
            {
                return $"invalid value for search attribute {name} of type {type}: {payload.Data.ToStringUtf8()}";
            }
        }

        return null;
    }

    /// <summary>The first command of a workflow task whose search attributes are bad.</summary>
    public static (WorkflowTaskFailedCause Cause, string Message)? Find(Turn turn, Run run, IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            var attributes = command.UpsertWorkflowSearchAttributesCommandAttributes?.SearchAttributes
                ?? command.StartChildWorkflowExecutionCommandAttributes?.SearchAttributes ?? command.ContinueAsNewWorkflowExecutionCommandAttributes?.SearchAttributes;
            if (Find(turn, run.State.Namespace, attributes) is { } wrong)
            {
                return (WorkflowTaskFailedCause.BadSearchAttributes, WorkflowTaskFailedCause.BadSearchAttributes + ": " + wrong);
            }
        }

        return null;
    }

    private static bool Fits(Payload payload, IndexedValueType type)
    {
        JsonDocument value;
        try
        {
            value = JsonDocument.Parse(payload.Data.Memory);
        }
        catch (JsonException)
        {
            return false;
        }

        using (value)
        {
            return Fits(value.RootElement, type);
        }
    }

    private static bool Fits(JsonElement value, IndexedValueType type) => type switch
    {
        IndexedValueType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        IndexedValueType.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        IndexedValueType.Double => value.ValueKind == JsonValueKind.Number,
        IndexedValueType.Datetime => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
        IndexedValueType.KeywordList => value.ValueKind == JsonValueKind.String
            || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)),
        _ => value.ValueKind == JsonValueKind.String || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1),
    };
}
