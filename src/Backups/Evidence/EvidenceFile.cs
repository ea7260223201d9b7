using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Evidence;

/// <summary>A file of the evidence and where it is read.</summary>
/// <param name="File">As the manifest will have it.</param>
/// <param name="Source">Its place on this host.</param>
/// <param name="Stat">What it was when it was listed.</param>
/// <param name="Offset">Where reading begins; not 0 only for the end of a long log.</param>
internal sealed record EvidenceFile(SnapshotFile File, string Source, FileStat Stat, long Offset)
{
    /// <summary>Whether it is still the file that was listed, with no byte written since.</summary>
    public bool IsSame(FileStat now) => now.Key == Stat.Key && now.Size == Stat.Size && now.ModifiedNanoseconds == Stat.ModifiedNanoseconds;
}
