using System.Text.Json;
using System.Text.Json.Serialization;
using Temporalio.Converters;

namespace VirtEngine.DR.Contracts;

/// <summary>How payloads look: camelCase JSON that a person can type in the Temporal UI, enumerations by name, nulls left out.</summary>
public static class DrDataConverter
{
    /// <summary>The JSON rules of everything that crosses a process boundary, <c>--output json</c> included.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>The converter that every client and worker uses.</summary>
    public static DataConverter Instance { get; } =
        DataConverter.Default with { PayloadConverter = new DefaultPayloadConverter(JsonOptions) };
}
