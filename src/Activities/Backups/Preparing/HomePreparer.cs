using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>
/// Makes a home that a node can be restored onto: what is missing comes from a configuration backup, the p2p key is made anew, and the
/// consensus key never is. Each call goes on from what an earlier one left, wherever that was killed.
/// </summary>
public sealed class HomePreparer(NodeControls controls, RepositoryAccess repositories)
{
    private const int ShownFiles = 40;

    /// <summary>Stages the backup, verifies it, and puts what is missing in place.</summary>
    public async Task<HomeObservation> PrepareAsync(RestoreAct act, NodeHome home, IFence fence, IProgress<TransferProgress>? progress, CancellationToken token)
    {
        var before = HomeRecords.Prepared(act, home);
        var missing = Homes.Missing(act.Slice.Target.Node, home);
        var lost = before?.HomeWasLost ?? (missing.Count > 0 || Homes.IsEmpty(act.Slice.Target.Node, home));
        if (lost)
        {
            await RequireStoppedAsync(act, "its lost home is prepared", token).ConfigureAwait(false);
        }

        fence.EnsureCurrent();
        await HomeOwner.GiveAsync(controls.For(act.Slice.Target.Node), act.Slice.Target, home, lost, token).ConfigureAwait(false);
        var staged = await StageAsync(act, home, progress, token).ConfigureAwait(false);
        var placement = new ConfigurationPlacement(staged, home.Path);
        var entries = placement.Compare();
        RequireComplete(act, missing, entries, home);

        var absent = entries.Where(entry => entry is { InHome: true, State: PlacementState.Missing }).ToArray();
        var files = (before?.Files ?? []).Concat(absent.Select(entry => new PlacedFile(Path.GetRelativePath(home.Path, entry.Target), entry.File.Sha256))).Distinct().ToArray();
        var record = new PreparedRecord(act.Backup.Digest, act.Backup.Id, act.Key.FirstRunId, lost || WasLost(home), files, Lines(entries), Finished: false);
        fence.EnsureCurrent();
        DurableFile.WriteJson(PreparedRecord.PathIn(home), record);
        foreach (var entry in absent)
        {
            token.ThrowIfCancellationRequested();
            fence.EnsureCurrent();
            placement.Place(entry);
        }

        DurableFile.WriteJson(PreparedRecord.PathIn(home), record with { Finished = true });
        return HomeRecords.Observe(act, NodeHome.Of(act.Slice.Target.Node));
    }

    /// <summary>Takes away what was put in place and is still that.</summary>
    public static Task<HomeObservation> UnprepareAsync(RestoreAct act, NodeHome home, IFence fence, CancellationToken token)
    {
        if (HomeRecords.Prepared(act, home) is { } record)
        {
            foreach (var file in record.Files)
            {
                token.ThrowIfCancellationRequested();
                fence.EnsureCurrent();

                // What a person changed since is theirs: it stays.
                ConfigurationPlacement.TakeAway(home.Path, file.Path, file.Sha256);
            }

            fence.EnsureCurrent();
            DurableFile.Delete(PreparedRecord.PathIn(home));
        }

        return Task.FromResult(HomeRecords.Observe(act, home));
    }

    /// <summary>Makes a node key where there is none.</summary>
    public static Task<HomeObservation> MakeNodeKeyAsync(RestoreAct act, NodeHome home, IFence fence, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var path = HomeRecords.NodeKeyPath(home);
        if (HomeRecords.NodeKey(act, home) is null && NodeKeyFile.IdOf(path) is not null)
        {
            // Somebody's own: it stays, and no undo of ours touches it.
            return Task.FromResult(HomeRecords.Observe(act, home));
        }

        fence.EnsureCurrent();
        var record = new NodeKeyRecord(act.Key.FirstRunId, string.Empty, home.Layout.NodeKeyFile);
        if (HomeRecords.NodeKey(act, home) is null)
        {
            DurableFile.WriteJson(NodeKeyRecord.PathIn(home), record);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        fence.EnsureCurrent();
        var id = NodeKeyFile.Ensure(path);
        Ownership.Match(path, like: home.Path);
        Ownership.MatchOne(Path.GetDirectoryName(path)!, like: home.Path);
        DurableFile.WriteJson(NodeKeyRecord.PathIn(home), record with { NodeId = id });
        return Task.FromResult(HomeRecords.Observe(act, home));
    }

    /// <summary>Takes away the node key that this run made.</summary>
    public static Task<HomeObservation> RemoveNodeKeyAsync(RestoreAct act, NodeHome home, IFence fence, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (HomeRecords.NodeKey(act, home) is { } record)
        {
            // By the record's own path: the configuration that named it may be gone again.
            var path = Path.Combine(home.Path, record.Path);
            if (NodeKeyFile.IdOf(path) is { } id && (record.NodeId.Length == 0 || record.NodeId == id))
            {
                fence.EnsureCurrent();
                DurableFile.Delete(path);
            }

            fence.EnsureCurrent();
            DurableFile.Delete(NodeKeyRecord.PathIn(home));
        }

        return Task.FromResult(HomeRecords.Observe(act, home));
    }

    private static bool WasLost(NodeHome home) => DurableFile.ReadJson<PreparedRecord>(PreparedRecord.PathIn(home))?.HomeWasLost ?? false;

    private static void RequireComplete(RestoreAct act, IReadOnlyList<string> missing, IReadOnlyList<PlacementEntry> entries, NodeHome home)
    {
        var lacking = missing.Where(path => !entries.Any(entry => entry is { InHome: true, State: PlacementState.Missing } && entry.Target == Path.Combine(home.Path, path))).ToArray();
        if (lacking.Length > 0)
        {
            throw Failures.Permanent(
                ErrorTypes.NotFound,
                $"configuration backup {act.Backup.Id} does not hold {string.Join(", ", lacking)}: put {(lacking.Length == 1 ? "it" : "them")} into '{home.Path}' yourself and retry, or start again with another one (--configuration ID)");
        }
    }

    private static List<string> Lines(IReadOnlyList<PlacementEntry> entries)
    {
        var lines = entries.Select(entry => (entry.InHome, entry.State) switch
        {
            (true, PlacementState.Refused) => $"{entry.Target}: not placed, {entry.Reason}",
            (true, PlacementState.Differs) => $"{entry.Target}: another one is there and stays",
            (false, PlacementState.Missing) => $"{entry.Target}: outside the home, missing there",
            (false, PlacementState.Differs) => $"{entry.Target}: outside the home, differs from what is there",
            _ => null,
        }).OfType<string>().ToList();
        return lines.Count <= ShownFiles ? lines : [.. lines.Take(ShownFiles), $"and {lines.Count - ShownFiles} more"];
    }

    /// <summary>Downloads the backup into the staging, every byte verified.</summary>
    internal async Task<StagedRestore> StageAsync(RestoreAct act, NodeHome home, IProgress<TransferProgress>? progress, CancellationToken token)
    {
        var sources = await repositories.OpenAnyAsync(act.Slice, act.Regions, token).ConfigureAwait(false);
        var parent = Restorer.StagingParent(home);
        Directory.CreateDirectory(parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var staged = await new RestoreStager(new RestoreOptions()).StageAsync(sources, act.Backup.ManifestKey, parent, progress, token).ConfigureAwait(false);
        return staged.Digest == act.Backup.Digest
            ? staged
            : throw Failures.Permanent(ErrorTypes.Untrusted, $"the manifest of {act.Backup.Id} has digest {staged.Digest} now; chosen was {act.Backup.Digest}");
    }

    /// <summary>Refuses while the node runs.</summary>
    internal async Task RequireStoppedAsync(RestoreAct act, string before, CancellationToken token)
    {
        var target = act.Slice.Target;
        var view = await controls.For(target.Node).ObserveAsync(target, token).ConfigureAwait(false);
        if (view.State != ProcessState.Stopped)
        {
            throw Failures.Permanent(
                ErrorTypes.Conflict, $"'{target.Node.Name}' must be stopped before {before} and is {view.State}{(view.Pid is { } pid ? $" (process {pid})" : "")}: stop it, then retry");
        }
    }
}
