namespace VirtEngine.DR.Backups.Tables;

/// <summary>LevelDB's variable-length integers.</summary>
internal static class Varint
{
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (source.IsEmpty)
            {
                return false;
            }

            var next = source[0];
            source = source[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
