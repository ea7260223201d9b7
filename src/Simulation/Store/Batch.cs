namespace VirtEngine.DR.Simulation.Store;

/// <summary>Entries as one record of a journal.</summary>
internal static class Batch
{
    public static byte[] Encode(IReadOnlyList<Entry> entries)
    {
        var bytes = new MemoryStream();
        Varint.Write(bytes, (ulong)entries.Count);
        foreach (var entry in entries)
        {
            Varint.Write(bytes, (ulong)entry.Key.Length);
            bytes.Write(entry.Key);
            Varint.Write(bytes, (ulong)entry.Value.Length);
            bytes.Write(entry.Value);
        }

        return bytes.ToArray();
    }

    public static List<Entry> Decode(byte[] record)
    {
        var at = 0;
        var count = (int)Varint.Read(record, ref at);
        var entries = new List<Entry>(count);
        for (var i = 0; i < count; i++)
        {
            entries.Add(new Entry(Take(), Take()));
        }

        return entries;

        byte[] Take()
        {
            var length = (int)Varint.Read(record, ref at);
            at += length;
            return record[(at - length)..at];
        }
    }
}
