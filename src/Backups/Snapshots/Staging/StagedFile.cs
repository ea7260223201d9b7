using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>A file in staging: a link to the live file or a copy of (a prefix of) it.</summary>
/// <param name="stagedName">The name in staging, with its NUL.</param>
/// <param name="linked">A link; else a copy.</param>
internal sealed class StagedFile(byte[] stagedName, bool linked)
{
    /// <summary>The live name, with its NUL; a WAL's head is renamed when it is rotated.</summary>
    public required byte[] Name { get; set; }

    /// <summary>The live file when it was staged; once it is kept, as of the instant.</summary>
    public required FileStat Stat { get; set; }

    /// <summary>The name in staging, with its NUL; after the pause it is made the live name.</summary>
    public byte[] StagedName { get; set; } = stagedName;

    public bool Linked => linked;

    /// <summary>Bytes that a copy has.</summary>
    public long Copied { get; set; }

    /// <summary>Untouched for long enough before the link pass that its size is taken as known; verified after the pause.</summary>
    public bool Settled { get; init; }

    /// <summary>
    /// The live file, held open where only a prefix was copied: as long as it is open its inode cannot be given to another file.
    /// </summary>
    public int Held { get; init; } = -1;
}
