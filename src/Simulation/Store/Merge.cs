namespace VirtEngine.DR.Simulation.Store;

/// <summary>Merges sorted runs.</summary>
internal static class Merge
{
    /// <summary>Entries of all runs in key order; of equal keys the one of the earliest run.</summary>
    public static IEnumerable<Entry> Newest(IReadOnlyList<IEnumerable<Entry>> runs)
    {
        var queue = new PriorityQueue<(IEnumerator<Entry> Run, int Age), (byte[] Key, int Age)>(
            Comparer<(byte[] Key, int Age)>.Create((x, y) => ByteOrder.Instance.Compare(x.Key, y.Key) is var order && order != 0 ? order : x.Age - y.Age));
        for (var age = 0; age < runs.Count; age++)
        {
            Push(runs[age].GetEnumerator(), age);
        }

        byte[]? last = null;
        while (queue.TryDequeue(out var head, out _))
        {
            var entry = head.Run.Current;
            if (last is null || ByteOrder.Instance.Compare(last, entry.Key) != 0)
            {
                yield return entry;
                last = entry.Key;
            }

            Push(head.Run, head.Age);
        }

        void Push(IEnumerator<Entry> run, int age)
        {
            if (run.MoveNext())
            {
                queue.Enqueue((run, age), (run.Current.Key, age));
            }
            else
            {
                run.Dispose();
            }
        }
    }

    /// <summary>Cuts entries into pieces of about so many bytes.</summary>
    public static IEnumerable<List<Entry>> Chunks(IEnumerable<Entry> entries, int bytes)
    {
        var (chunk, size) = (new List<Entry>(), 0);
        foreach (var entry in entries)
        {
            chunk.Add(entry);
            size += entry.Key.Length + entry.Value.Length;
            if (size >= bytes)
            {
                yield return chunk;
                (chunk, size) = ([], 0);
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
