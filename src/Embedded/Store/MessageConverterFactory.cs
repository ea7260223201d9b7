using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Embedded.Store;

/// <summary>Writes protobuf messages as base64 inside JSON.</summary>
internal sealed class MessageConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(System.Type typeToConvert) => typeof(IMessage).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(System.Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(MessageConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class MessageConverter<T> : JsonConverter<T>
        where T : IMessage, new()
    {
        public override T Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options)
        {
            var message = new T();
            message.MergeFrom(reader.GetBytesFromBase64());
            return message;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.ToByteArray());
    }
}
