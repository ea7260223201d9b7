using System.Globalization;

namespace VirtEngine.DR.Activities.Nodes.Stores;

/// <summary>The few fields of a protobuf message that are looked for; the others are passed over.</summary>
internal static class ProtoFields
{
    /// <summary>A whole number; 0 where the message leaves it out, as protobuf does.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static long Number(byte[] message, int field) => Fields(message).Where(one => one.Field == field).Select(one => one.Value).LastOrDefault();

    /// <summary>A byte string; empty where the message leaves it out.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static byte[] Bytes(byte[] message, int field) =>
        Fields(message).Where(one => one.Field == field).Select(one => message.AsSpan(one.At, one.Length).ToArray()).LastOrDefault() ?? [];

    private static List<(int Field, long Value, int At, int Length)> Fields(byte[] message)
    {
        var fields = new List<(int, long, int, int)>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var (value, length) = (tag & 7) switch
            {
                0 => ((long)Varint(message, ref at), 0L),
                1 => (0L, 8L),
                2 => (0L, (long)Varint(message, ref at)),
                5 => (0L, 4L),
                _ => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a field has the unknown wire type {tag & 7}")),
            };
            if (length < 0 || length > message.Length - at)
            {
                throw new InvalidDataException("a field is longer than its message");
            }

            fields.Add(((int)(tag >> 3), value, at, (int)length));
            at += (int)length;
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number in it does not end");
    }
}
