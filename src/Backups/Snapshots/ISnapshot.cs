namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// The files of a node as of one instant, readable while the node goes on. Disposing drops the staging folder; nothing in it is
/// ever chmodded, chowned or opened for writing, for a staged name may be a hard link to a live file.
/// </summary>
public interface ISnapshot : IAsyncDisposable
{
    /// <summary>How the instant was taken.</summary>
    InstantInfo Instant { get; }

    /// <summary>Every file, in ordinal order of its path.</summary>
    IReadOnlyList<SnapshotFile> Files { get; }

    /// <summary>Opens a file's bytes as of the instant (exactly <see cref="SnapshotFile.Size"/> of them).</summary>
    Stream Open(SnapshotFile file);

    /// <summary>Says that the file was read for good, so that the staged name may be dropped at once (links pin what the node compacts away).</summary>
    void Release(SnapshotFile file);

    /// <summary>Called after everything was read and before it counts: the last word of a snapshot whose files are read where they are.</summary>
    /// <exception cref="BackupException"><c>source-changed</c>: what was read is not of one instant.</exception>
    void EnsureUnchanged()
    {
    }
}

/// <summary>How an instant was taken.</summary>
/// <param name="Method"><c>frozen</c>, <c>stopped</c>, <c>state-sync</c>, <c>external</c> or <c>files</c>.</param>
/// <param name="TakenAt">When, by this host's clock.</param>
/// <param name="Pause">How long the node stood still; zero where it did not.</param>
/// <param name="Linked">Files staged as hard links.</param>
/// <param name="Copied">Files copied inside the pause.</param>
/// <param name="CopiedBytes">Bytes copied inside the pause.</param>
public sealed record InstantInfo(string Method, DateTimeOffset TakenAt, TimeSpan Pause, int Linked, int Copied, long CopiedBytes);

/// <summary>One file of a snapshot.</summary>
/// <param name="Path">Relative to the node's home, '/' as separator (<c>data/application.db/000012.ldb</c>).</param>
/// <param name="Size">Bytes as of the instant.</param>
/// <param name="Mode">Permission bits, masked to 0777.</param>
/// <param name="Immutable">Never changes under this identity once written (a database table): may be found again in the known-tables index.</param>
/// <param name="Identity">Where the live file was; null when it cannot be known again.</param>
/// <param name="Format">How the content can be checked when it is first read.</param>
public sealed record SnapshotFile(string Path, long Size, UnixFileMode Mode, bool Immutable, FileIdentity? Identity, ContentFormat Format)
{
    /// <summary>Stored as an object of its own, however small: it outlives many backups unchanged (a genesis).</summary>
    public bool Alone { get; init; }
}

/// <summary>What says that a file on this host is the one seen before. Never ctime: our own links change it.</summary>
/// <param name="Device">st_dev.</param>
/// <param name="Inode">st_ino; re-used at once after a delete, so never enough alone.</param>
/// <param name="BirthNanoseconds">Birth time since the epoch; zero means unknown, and such a file is never taken as known.</param>
/// <param name="ModifiedNanoseconds">mtime since the epoch.</param>
public sealed record FileIdentity(ulong Device, ulong Inode, long BirthNanoseconds, long ModifiedNanoseconds);

/// <summary>What a file's bytes are, as far as they can be checked while they are read.</summary>
public enum ContentFormat
{
    /// <summary>No framing known.</summary>
    Opaque,

    /// <summary>A table of goleveldb (or LevelDB): blocks with CRC32C.</summary>
    LevelDbTable,
}
