using System.Text.Json;
using VirtEngine.DR.Embedded.Host;
using VirtEngine.DR.Embedded.Namespaces;

namespace VirtEngine.DR.Embedded.Visibility;

/// <summary>Search attributes must be registered, and of their kind, before they come into a history.</summary>
internal static class SearchChecks
{
    private static readonly string[] SetByTheSystem = ["TemporalScheduledById", "TemporalScheduledStartTime", "TemporalChangeVersion", "BuildIds", "BinaryChecksums"];

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Wrong(EngineNamespace ns, SearchAttributes? attributes)
    {
        foreach (var (name, payload) in attributes?.IndexedFields ?? [])
        {
            bool system = SetByTheSystem.Contains(name);
            if (!system && OperatorHandlers.IsSystem(name))
            {
                return $"{name} attribute can't be set in SearchAttributes";
            }

            if (!system && !ns.SearchAttributes.ContainsKey(name))
            {
                return $"Namespace {ns.Name} has no mapping defined for search attribute {name}";
            }

            if (!SearchValues.IsEmpty(payload) && !Fits(payload, ns.SearchAttributes.GetValueOrDefault(name)))
            {
                return $"invalid value for search attribute {name} of type {ns.SearchAttributes.GetValueOrDefault(name)}";
            }
        }

        return null;
    }

    /// <summary>Throws Temporal's error.</summary>
    public static void Check(EngineNamespace ns, SearchAttributes? attributes)
    {
        if (Wrong(ns, attributes) is { } wrong)
        {
            throw Errors.Invalid(wrong);
        }
    }

    private static bool Fits(Payload payload, IndexedValueType type)
    {
        try
        {
            using var json = JsonDocument.Parse(payload.Data.Memory);
            var value = json.RootElement;
            return type switch
            {
                IndexedValueType.Int => value.TryGetInt64(out _),
                IndexedValueType.Double => value.ValueKind == JsonValueKind.Number,
                IndexedValueType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                IndexedValueType.Datetime => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
                IndexedValueType.Keyword or IndexedValueType.Text => value.ValueKind == JsonValueKind.String,
                IndexedValueType.KeywordList => value.ValueKind is JsonValueKind.Array or JsonValueKind.String,
                _ => true,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
