namespace VirtEngine.DR.Activities.Backups.Proving;

/// <summary>A path for a unix socket, short enough for the kernel's 107 bytes, in a folder that nobody else may enter; gone when disposed.</summary>
internal sealed class ScratchSocket : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vedr-").FullName;

    /// <summary>The socket's path.</summary>
    public string Path => System.IO.Path.Combine(_folder, "rpc");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
