namespace VirtEngine.DR.Activities.Common;

/// <summary>A folder that is gone when disposed.</summary>
public sealed class ScratchFolder : IDisposable
{
    internal ScratchFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
