namespace VirtEngine.DR.Embedded.Store;

/// <summary>
/// Keeps a second engine from opening the same file. The lock lies on a file beside it (SQLite's own locks are the process's, and closing any
/// other handle on the file itself would drop them), and ends with the process, however that ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _handle;

    private FileLock(FileStream handle)
    {
        _handle = handle;
        using var reader = new StreamReader(handle, leaveOpen: true);
        LastEnd = reader.ReadToEnd();

        // From here on an end that is not clean leaves no word of a former one.
        handle.SetLength(0);
        handle.Flush(flushToDisk: true);
    }

    /// <summary>What the last engine left here at its clean end; empty after any other.</summary>
    public string LastEnd { get; }

    /// <summary>Leaves a word at a clean end.</summary>
    public void End(string mark)
    {
        _handle.Write(System.Text.Encoding.ASCII.GetBytes(mark));
        _handle.Flush(flushToDisk: true);
    }

    public static FileLock Take(string file)
    {
        try
        {
            return new FileLock(new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new EngineFileException($"{file} is in use by another engine: stop that one, or give this one another file", e);
        }
    }

    public void Dispose() => _handle.Dispose();
}
