using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>How states are written: JSON, with Temporal's messages inside as base64 of their own form.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new MessageConverterFactory() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,

        // What is left out because it is the default is not missing when it is read.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MakeOptional } },
    };

    private static void MakeOptional(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = false;
        }
    }

    public static byte[] Write<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"the stored {typeof(T).Name} is empty");
}
