namespace VirtEngine.DR.Embedded.Store;

/// <summary>
/// Keeps a second engine from opening the same file. The lock lies on a file beside it (SQLite's own locks are the process's, and closing any
/// other handle on the file itself would drop them), and ends with the process, however that ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _handle;

    private FileLock(FileStream handle) => _handle = handle;

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
