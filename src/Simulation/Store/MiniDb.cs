namespace VirtEngine.DR.Simulation.Store;

/// <summary>
/// A key-value store with goleveldb's rules for files in miniature: <c>NNNNNN.ldb</c> never changes once written, <c>NNNNNN.log</c> is
/// the journal, <c>MANIFEST-NNNNNN</c> says which tables count, <c>CURRENT</c> names it by an atomic rename, <c>LOCK</c> is held while
/// it is open, and compaction deletes tables. A kill at any moment loses nothing that <see cref="Write"/> returned from.
/// </summary>
public sealed class MiniDb : IDisposable
{
    private const int Level0Limit = 4;
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly int tableBytes;
    private readonly FileStream held;
    private readonly Version version;
    private readonly Dictionary<long, TableReader> tables = [];
    private SortedDictionary<byte[], byte[]> memory = new(ByteOrder.Instance);
    private int memoryBytes;
    private Journal manifest;
    private Journal journal;

    /// <summary>Opens or creates the database.</summary>
    /// <exception cref="IOException">Another process has it open ("resource temporarily unavailable").</exception>
    /// <exception cref="InvalidDataException">A table is missing or damaged.</exception>
    public MiniDb(string folder, int tableBytes)
    {
        this.folder = folder;
        this.tableBytes = tableBytes;
        Directory.CreateDirectory(folder);
        try
        {
            held = new FileStream(Path.Combine(folder, "LOCK"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new IOException($"'{folder}/LOCK': resource temporarily unavailable", failure);
        }

        try
        {
            (version, var fresh) = Recover();
            var manifestNumber = version.NextFile++;
            version.JournalNumber = version.NextFile++;
            journal = Journal.Open(Name(version.JournalNumber, "log"));
            manifest = Journal.Open(Path.Combine(folder, $"MANIFEST-{manifestNumber:D6}"));
            manifest.Append(version.Edit([], version.Level0.Concat(fresh), version.Level1));
            version.Level0.AddRange(fresh);
            var next = Path.Combine(folder, $"CURRENT.{manifestNumber}");
            File.WriteAllText(next, $"MANIFEST-{manifestNumber:D6}\n");
            File.Move(next, Path.Combine(folder, "CURRENT"), overwrite: true);
            DropObsolete(manifestNumber);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(byte[] key)
    {
        lock (gate)
        {
            if (memory.TryGetValue(key, out var value))
            {
                return value;
            }

            for (var i = version.Level0.Count - 1; i >= 0; i--)
            {
                if (tables[version.Level0[i]].Get(key) is { } found)
                {
                    return found;
                }
            }

            var sorted = version.Level1;
            var (low, high) = (0, sorted.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = ByteOrder.Instance.Compare(tables[sorted[middle]].Last, key) < 0 ? (middle + 1, high) : (low, middle);
            }

            return low == sorted.Count ? null : tables[sorted[low]].Get(key);
        }
    }

    /// <summary>Writes all entries or, after a crash, none.</summary>
    public void Write(IReadOnlyList<Entry> batch)
    {
        lock (gate)
        {
            journal.Append(Batch.Encode(batch));
            Remember(batch);
            if (memoryBytes >= tableBytes)
            {
                Flush();
            }
        }
    }

    /// <summary>All entries in key order, the newest value of each. The database stands still while it is read.</summary>
    public void Scan(Action<Entry> visit)
    {
        lock (gate)
        {
            foreach (var entry in Merge.Newest([
                memory.Select(pair => new Entry(pair.Key, pair.Value)),
                .. version.Level0.AsEnumerable().Reverse().Select(number => tables[number].Scan()),
                version.Level1.SelectMany(number => tables[number].Scan())]))
            {
                visit(entry);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            journal.Dispose();
            manifest.Dispose();
            foreach (var table in tables.Values)
            {
                table.Dispose();
            }

            held.Dispose();
        }
    }

    private string Name(long number, string kind) => Path.Combine(folder, $"{number:D6}.{kind}");

    private void Remember(IReadOnlyList<Entry> batch)
    {
        foreach (var entry in batch)
        {
            memory[entry.Key] = entry.Value;
            memoryBytes += entry.Key.Length + entry.Value.Length;
        }
    }

    private (Version Version, List<long> Fresh) Recover()
    {
        var recovered = new Version();
        var current = Path.Combine(folder, "CURRENT");
        if (!File.Exists(current))
        {
            return (recovered, []);
        }

        foreach (var edit in Journal.Read(Path.Combine(folder, File.ReadAllText(current).Trim())).Records)
        {
            recovered.Apply(edit);
        }

        foreach (var number in recovered.Level0.Concat(recovered.Level1))
        {
            tables[number] = new TableReader(Name(number, "ldb"));
        }

        foreach (var (number, path) in Files("log").Where(log => log.Number >= recovered.JournalNumber))
        {
            recovered.NextFile = Math.Max(recovered.NextFile, number + 1);
            foreach (var record in Journal.Read(path).Records)
            {
                Remember(Batch.Decode(record));
            }
        }

        // A table or MANIFEST that was begun before the crash has a number that the MANIFEST does not know yet.
        recovered.NextFile = Math.Max(recovered.NextFile, Files("*").Select(file => file.Number + 1).DefaultIfEmpty(1).Max());
        return (recovered, memory.Count == 0 ? [] : [WriteMemory(recovered)]);
    }

    private IEnumerable<(long Number, string Path)> Files(string kind) => Directory.EnumerateFiles(folder)
        .Where(path => kind == "*" || path.EndsWith("." + kind, StringComparison.Ordinal))
        .Select(path => (Number: Number(path), Path: path)).Where(file => file.Number >= 0).OrderBy(file => file.Number);

    private static long Number(string path)
    {
        var name = Path.GetFileName(path);
        var digits = name.StartsWith("MANIFEST-", StringComparison.Ordinal) ? name[9..] : name.Split('.')[0];
        return long.TryParse(digits, out var number) ? number : -1;
    }

    private long WriteMemory(Version into)
    {
        var number = into.NextFile++;
        TableWriter.Write(Name(number, "ldb"), memory.Select(pair => new Entry(pair.Key, pair.Value)));
        tables[number] = new TableReader(Name(number, "ldb"));
        memory = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
        memoryBytes = 0;
        return number;
    }

    /// <summary>The memory becomes a table; its journal is deleted only after the MANIFEST says so.</summary>
    private void Flush()
    {
        var table = WriteMemory(version);
        var (old, fresh) = (journal, version.NextFile++);
        journal = Journal.Open(Name(fresh, "log"));
        version.JournalNumber = fresh;
        manifest.Append(version.Edit([], [table], []));
        version.Level0.Add(table);
        old.Dispose();
        File.Delete(old.Path);
        if (version.Level0.Count >= Level0Limit)
        {
            Compact();
        }
    }

    /// <summary>Merges the fresh tables with the sorted ones that they overlap, and deletes both.</summary>
    private void Compact()
    {
        var fresh = version.Level0.Select(number => tables[number]).ToList();
        var first = fresh.Select(table => table.First).Min(ByteOrder.Instance)!;
        var last = fresh.Select(table => table.Last).Max(ByteOrder.Instance)!;
        var overlapping = version.Level1.Where(number =>
            ByteOrder.Instance.Compare(tables[number].Last, first) >= 0 && ByteOrder.Instance.Compare(tables[number].First, last) <= 0).ToList();
        var drop = version.Level0.Concat(overlapping).ToList();
        var merged = Merge.Newest([
            .. version.Level0.AsEnumerable().Reverse().Select(number => tables[number].Scan()), overlapping.SelectMany(number => tables[number].Scan())]);
        var add = new List<long>();
        foreach (var chunk in Merge.Chunks(merged, tableBytes))
        {
            add.Add(version.NextFile++);
            TableWriter.Write(Name(add[^1], "ldb"), chunk);
            tables[add[^1]] = new TableReader(Name(add[^1], "ldb"));
        }

        manifest.Append(version.Edit(drop, [], add));
        version.Level0.Clear();
        version.Level1.RemoveAll(overlapping.Contains);
        version.Level1.AddRange(add);
        version.Level1.Sort((x, y) => ByteOrder.Instance.Compare(tables[x].First, tables[y].First));
        foreach (var number in drop)
        {
            tables.Remove(number, out var gone);
            gone!.Dispose();
            File.Delete(gone.Path);
        }
    }

    private void DropObsolete(long manifestNumber)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var (name, number) = (Path.GetFileName(path), Number(path));
            var keep = name is "LOCK" or "CURRENT" || number < 0 && !name.StartsWith("CURRENT.", StringComparison.Ordinal)
                || (name.StartsWith("MANIFEST-", StringComparison.Ordinal) ? number == manifestNumber
                    : name.EndsWith(".log", StringComparison.Ordinal) ? number >= version.JournalNumber : tables.ContainsKey(number));
            if (!keep)
            {
                File.Delete(path);
            }
        }
    }
}
