using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Backups.Captures;

/// <summary>A staged capture as the writer reads it. Names stay until the whole upload is committed, so that a killed upload can go on.</summary>
internal sealed class StagedSnapshot(CaptureFolder folder, CaptureIndex index) : ISnapshot
{
    private const double FreeSpaceFloor = 0.10;
    private int _opened;

    /// <inheritdoc/>
    public InstantInfo Instant => index.Instant;

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotFile> Files => index.Files;

    /// <summary>How many files were opened: the others were known already.</summary>
    public int Opened => _opened;

    /// <inheritdoc/>
    public Stream Open(SnapshotFile file)
    {
        Interlocked.Increment(ref _opened);
        var disk = new DriveInfo(folder.Path);
        if (disk.AvailableFreeSpace < disk.TotalSize * FreeSpaceFloor)
        {
            // The links pin what the node compacts away; the node's disk comes before the backup.
            throw Failures.Permanent(ErrorTypes.NoSpace, $"less than {FreeSpaceFloor:P0} of the node's disk is free while the backup is read: the staged files are dropped, the node goes on");
        }

        return new ExactStream(new FileStream(Path.Combine(folder.Files, file.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), file);
    }

    /// <inheritdoc/>
    public void Release(SnapshotFile file)
    {
        // Kept on purpose: see the summary. The floor above guards the node's disk meanwhile.
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
