namespace VirtEngine.DR.Backups.Tables;

/// <summary>
/// A goleveldb database of a stopped node, read as files: no lock is taken, nothing is repaired, nothing is written. What is torn is an
/// error, never an absent key.
/// </summary>
public sealed class StoppedDatabase
{
    private readonly DatabaseVersion _version;

    private StoppedDatabase(DatabaseVersion version) => _version = version;

    /// <summary>Reads what the database consists of.</summary>
    /// <exception cref="DatabaseTornException">It cannot be read.</exception>
    public static StoppedDatabase Open(string folder)
    {
        try
        {
            return new StoppedDatabase(DatabaseVersion.Read(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseTornException(folder, e.Message, e);
        }
    }

    /// <summary>The value of a key; null where the database says that it has none.</summary>
    /// <exception cref="DatabaseTornException">Something on the way to the key is torn: it may have a value.</exception>
    public byte[]? Find(byte[] key)
    {
        try
        {
            FoundValue? newest = null;
            foreach (var journal in _version.Journals)
            {
                newest = FoundValue.Newer(newest, JournalLookup.Find(journal, key));
            }

            foreach (var table in _version.Tables.Where(table => table.MayHold(key)))
            {
                var path = table.PathIn(_version.Folder) ?? throw new DatabaseTornException(Path.Combine(_version.Folder, $"{table.Number:000000}.ldb"), "its MANIFEST names it and it is missing");
                using var lookup = new TableLookup(path);
                newest = FoundValue.Newer(newest, lookup.Find(key));
            }

            return newest?.Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseTornException(_version.Folder, e.Message, e);
        }
    }
}
