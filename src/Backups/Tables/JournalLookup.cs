using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>Looks a key up in a journal: batches that are not in a table yet.</summary>
internal static class JournalLookup
{
    private const int BatchHeader = 12;

    /// <summary>The newest version of the key in the journal; null where it has none.</summary>
    /// <exception cref="DatabaseTornException">The journal is torn.</exception>
    public static FoundValue? Find(string journal, ReadOnlySpan<byte> key)
    {
        FoundValue? newest = null;
        foreach (var record in JournalReader.Records(journal))
        {
            newest = FoundValue.Newer(newest, InBatch(journal, record.Span, key));
        }

        return newest;
    }

    private static FoundValue? InBatch(string journal, ReadOnlySpan<byte> batch, ReadOnlySpan<byte> key)
    {
        if (batch.Length < BatchHeader)
        {
            throw new DatabaseTornException(journal, "a batch in it has no header");
        }

        var sequence = BinaryPrimitives.ReadUInt64LittleEndian(batch);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(batch[8..]);
        var rest = batch[BatchHeader..];
        FoundValue? newest = null;
        for (var i = 0u; i < count; i++)
        {
            if (rest.IsEmpty || rest[0] > 1)
            {
                throw new DatabaseTornException(journal, "a batch in it ends before its last entry");
            }

            var put = rest[0] == 1;
            rest = rest[1..];
            var found = Take(journal, ref rest);
            var value = put ? Take(journal, ref rest) : default;
            if (found.SequenceEqual(key))
            {
                newest = new FoundValue(sequence + i, put ? value.ToArray() : null);
            }
        }

        return newest;
    }

    private static ReadOnlySpan<byte> Take(string journal, ref ReadOnlySpan<byte> rest)
    {
        if (!Varint.TryRead(ref rest, out var length) || length > (ulong)rest.Length)
        {
            throw new DatabaseTornException(journal, "an entry of a batch in it is longer than the batch");
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }
}
