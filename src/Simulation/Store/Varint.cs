namespace VirtEngine.DR.Simulation.Store;

/// <summary>LevelDB's variable-length integers: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    public static void Write(Stream to, ulong value)
    {
        while (value >= 0x80)
        {
            to.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        to.WriteByte((byte)value);
    }

    public static ulong Read(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= from.Length)
            {
                break;
            }

            var next = from[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a variable-length integer does not end");
    }
}
