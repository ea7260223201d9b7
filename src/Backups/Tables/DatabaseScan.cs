namespace VirtEngine.DR.Backups.Tables;

/// <summary>
/// Reads all of a stopped goleveldb database: the MANIFEST names only tables that are there with their size, every block of each and every
/// chunk of the journals fits its checksum. Tables that the MANIFEST does not name do not count and are not judged.
/// </summary>
/// <param name="folder">The database.</param>
public sealed class DatabaseScan(string folder)
{
    private readonly List<DatabaseFinding> _findings = [];
    private long _bytes;
    private int _files;

    /// <summary>Files that were read.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reads it all.</summary>
    /// <returns>What is torn, a file each.</returns>
    public IReadOnlyList<DatabaseFinding> Run(CancellationToken cancellationToken)
    {
        DatabaseVersion version;
        try
        {
            version = DatabaseVersion.Read(folder);
            Count(version.Manifest);
        }
        catch (DatabaseTornException e)
        {
            return [new(e.File, e.Message)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new(folder, e.Message)];
        }

        foreach (var table in version.Tables)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = table.PathIn(folder);
            Check(path ?? Path.Combine(folder, $"{table.Number:000000}.ldb"), path is null ? _ => "its MANIFEST names it and it is missing" : file => Table(file, table.Size));
        }

        foreach (var journal in version.Journals)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Check(journal, Journal);
        }

        return _findings;
    }

    private static string? Table(string path, long size)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var actual = RandomAccess.GetLength(file);
        if (actual != size)
        {
            return $"it has {actual} bytes and its MANIFEST says {size}";
        }

        return LevelDbTableCheck.Problem(size, (offset, length) =>
        {
            var bytes = new byte[length];
            var read = 0;
            int got;
            while (read < length && (got = RandomAccess.Read(file, bytes.AsSpan(read), offset + read)) > 0)
            {
                read += got;
            }

            return read == length ? bytes : throw new EndOfStreamException("it is shorter than it was a moment ago");
        });
    }

    private static string? Journal(string path)
    {
        foreach (var _ in JournalReader.Records(path))
        {
            // Each record's chunks are checked on the way.
        }

        return null;
    }

    private void Check(string path, Func<string, string?> problem)
    {
        try
        {
            if (problem(path) is { } what)
            {
                _findings.Add(new(path, what));
            }
        }
        catch (DatabaseTornException e)
        {
            _findings.Add(new(e.File, e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _findings.Add(new(path, "it cannot be read: " + e.Message));
        }

        if (File.Exists(path))
        {
            Count(path);
        }
    }

    private void Count(string path)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Add(ref _bytes, new FileInfo(path).Length);
    }
}
