using VirtEngine.DR.Backups.Snapshots.Staging;
using VirtEngine.DR.Guard;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>One attempt: link, rehearse, stop, take the delta, let go on, prove, collect.</summary>
internal sealed class FrozenCapture(
    CaptureRequest request, IReadOnlyList<string> roots, FreezeTarget target, AttemptFolder attempt, FreeSpace space) : IDisposable
{
    private const int Urgent = -15;
    private const long Settle = 2_000_000_000;
    private readonly FileRules rules = new(request.Layout);
    private readonly FileCopier copier = new();
    private readonly List<StagedFolder> folders = [];

    /// <summary>Runs the attempt to its end.</summary>
    public StagedSnapshot Run(CancellationToken cancellationToken)
    {
        var settledBefore = ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100) - Settle;
        folders.AddRange(roots.Select(root => SnapshotRoots.Open(request.Layout, root, attempt)));
        var links = new LinkPass(rules, copier, settledBefore);
        folders.ForEach(folder => links.Run(folder, cancellationToken));
        space.Demand();
        Rehearse(settledBefore);
        var delta = new DeltaPass(rules, copier, settledBefore, rehearsal: false);
        cancellationToken.ThrowIfCancellationRequested();
        var (at, report) = Freeze(delta);
        Judge(report);
        target.Confirm();
        space.Demand();
        var files = new List<CapturedFile>();
        folders.ForEach(folder => Harvest.Collect(folder, files));
        var instant = new InstantInfo("frozen", at, report.Pause, files.Count(file => file.File.Identity is not null), delta.CopiedFiles, delta.CopiedBytes);
        return new StagedSnapshot(instant, files, attempt, space);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        folders.ForEach(folder => folder.Dispose());
        copier.Dispose();
    }

    private void Rehearse(long settledBefore)
    {
        var rehearsal = new DeltaPass(rules, copier, settledBefore, rehearsal: true);
        folders.ForEach(rehearsal.Run);
        if (rehearsal.CopiedBytes > request.MaxPausedBytes)
        {
            throw new SnapshotException(
                SnapshotErrors.PauseTooLarge,
                $"{rehearsal.CopiedBytes} bytes would have to be copied while the node stands still, {request.MaxPausedBytes} are allowed: use method 'stopped' or 'external'");
        }
    }

    private (DateTimeOffset At, GuardReport Report) Freeze(DeltaPass delta)
    {
        var record = new ThawRecord(request.AttemptId, ThawRecord.CurrentBoot, target.Processes, request.Cgroup);
        using var guard = GuardProcess.Arm(record, attempt.Record, request.Budget);

        // While the node stands still nothing on this host is more urgent; the thread ends with the attempt. Denied to some users.
        _ = Libc.SetPriority(0, 0, Urgent);
        guard.Stop();
        var at = DateTimeOffset.UtcNow;
        request.WhileFrozen?.Invoke();
        folders.ForEach(delta.Run);
        return (at, guard.Thaw());
    }

    private void Judge(GuardReport report)
    {
        if (report.Reason == "budget")
        {
            throw new SnapshotException(
                SnapshotErrors.BudgetExceeded, $"the pause needed more than its budget of {request.Budget.TotalMilliseconds} ms: the guard let the node go on and nothing was kept");
        }

        if (report.Reason != "request" || !report.Whole)
        {
            throw new SnapshotException(
                SnapshotErrors.ContinuityBroken, $"the pause does not count ({(report.Whole ? report.Reason : report.Detail)}): nothing was kept");
        }
    }
}
