namespace VirtEngine.DR.Backups;

/// <summary>There is not enough space below a path.</summary>
/// <param name="path">The folder.</param>
/// <param name="needed">Bytes needed, 0 when the disk filled while writing.</param>
/// <param name="free">Bytes free.</param>
/// <param name="inner">What lies below.</param>
public sealed class NoSpaceException(string path, long needed, long free, Exception? inner = null)
    : BackupException(BackupErrorCodes.NoSpace, needed > 0
        ? $"{path}: {needed} bytes are needed and {free} are free. Free space there or stage on another disk; what is staged already is kept and used again."
        : $"{path}: the disk is full ({free} bytes free). Free space and run it again; what is staged already is kept and used again.", inner)
{
    /// <summary>Bytes needed.</summary>
    public long Needed { get; } = needed;

    /// <summary>Bytes free.</summary>
    public long Free { get; } = free;
}
