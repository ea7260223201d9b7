using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The parts of a restore that look at the home: what is staged, where the swap is, and the swap itself.</summary>
/// <param name="controls">Keep the nodes' processes.</param>
/// <param name="rpcs">Open the chain's RPCs.</param>
public sealed class Restorer(NodeControls controls, IChainRpcFactory rpcs)
{
    /// <summary>
    /// Where restores are staged: on the file system of the data, so that the swap is a rename. That is inside the data folder where
    /// it is a mount point of its own, else in our own folder beside it.
    /// </summary>
    internal static string StagingParent(NodeHome home) => Mounts.IsMountPoint(home.Data) ? home.Data : Path.Combine(home.Private, "restore");

    /// <summary>What is staged for a backup by our record; the folder must still be there.</summary>
    internal static StagedRecord? ReadStaged(NodeHome home, string digest) =>
        DurableFile.ReadJson<StagedRecord>(StagedPath(home, digest)) is { } record && Directory.Exists(record.Folder) ? record : null;

    /// <summary>Remembers a whole staging folder.</summary>
    internal static void WriteStaged(NodeHome home, string digest, StagedRecord record) => DurableFile.WriteJson(StagedPath(home, digest), record);

    /// <summary>Drops what is staged for a backup; what a swap kept has another name and is never touched.</summary>
    internal static async Task DropStagedAsync(NodeHome home, string digest, CancellationToken token)
    {
        if (Directory.Exists(home.Path) && await DataSwap.PendingAsync(home.Path, token).ConfigureAwait(false) is { } pending)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"the swap of {pending} in '{home.Path}' is not finished; finish it or swap it back before anything staged is dropped");
        }

        DurableFile.Delete(StagedPath(home, digest));
        var folder = RestoreStager.FolderOf(StagingParent(home), digest);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Swapped means that the library's journal says so, that it is this run's, and that our record was written after it: with any of
    /// them missing the step is done again, which changes nothing that was done.
    /// </summary>
    internal static Task<SwapState> StateAsync(RestoreAct act)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        var journal = SwapView.Read(home.Path, act.Backup.Digest);
        var record = DurableFile.ReadJson<RestoredRecord>(RestoredRecord.PathIn(home));
        var swapped = journal is { Forward: true, Finished: true } && Owns(act, home)
            && record?.Digest == act.Backup.Digest && record.FirstRunId == act.Key.FirstRunId;
        return Task.FromResult(new SwapState(swapped, swapped && Directory.Exists(journal!.Kept) ? journal.Kept : null, SignState.Read(home.SigningState, out _)));
    }

    internal async Task<SwapState> SwapAsync(RestoreAct act, IFence fence, CancellationToken token)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        await RequireStoppedAsync(act, token).ConfigureAwait(false);
        var before = await StateAsync(act).ConfigureAwait(false);
        if (before.Swapped)
        {
            return before;
        }

        var begun = Owns(act, home) && SwapView.Read(home.Path, act.Backup.Digest) is { Forward: true };
        if (!begun && ReadStaged(home, act.Backup.Digest) is null)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"backup {act.Backup.Id} is not staged on '{act.Slice.Target.Node.Name}': stage it first");
        }

        // Known tables are other files from now on.
        DropIndex(home);
        fence.EnsureCurrent();
        if (!Owns(act, home))
        {
            Retire(act, home);
            DurableFile.WriteJson(OwnerPath(home), new SwapOwner(act.Backup.Digest, act.Key.FirstRunId));
        }

        fence.EnsureCurrent();
        var swap = await DataSwap.SwapAsync(await RequestAsync(act, home, token).ConfigureAwait(false), token).ConfigureAwait(false);
        EnsureSigningState(act, home);
        GiveToNode(home, swap);
        DurableFile.WriteJson(RestoredRecord.PathIn(home), new RestoredRecord(act.Backup.Digest, act.Backup.Id, act.Key.FirstRunId, DateTimeOffset.UtcNow));
        return await StateAsync(act).ConfigureAwait(false);
    }

    internal async Task<SwapState> SwapBackAsync(RestoreAct act, IFence fence, CancellationToken token)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        await RequireStoppedAsync(act, token).ConfigureAwait(false);
        if (!Owns(act, home) || SwapView.Read(home.Path, act.Backup.Digest) is null or { Forward: false, Finished: true })
        {
            // This run never swapped, or it is back already. The attempt's number counts all the same: a late swap is fenced.
            return await StateAsync(act).ConfigureAwait(false);
        }

        DropIndex(home);
        fence.EnsureCurrent();
        DurableFile.Delete(RestoredRecord.PathIn(home));
        GiveToNode(home, await DataSwap.SwapBackAsync(await RequestAsync(act, home, token).ConfigureAwait(false), token).ConfigureAwait(false));
        return await StateAsync(act).ConfigureAwait(false);
    }

    /// <summary>Before our record of the swap is written, so that a worker that dies in between does it again.</summary>
    private static void GiveToNode(NodeHome home, SwapResult swap)
    {
        foreach (var path in swap.Entries.Select(entry => Path.Combine(home.Path, entry)).Where(path => Path.Exists(path)))
        {
            Ownership.Match(path, like: home.Path);
        }
    }

    private static bool Owns(RestoreAct act, NodeHome home) =>
        DurableFile.ReadJson<SwapOwner>(OwnerPath(home)) == new SwapOwner(act.Backup.Digest, act.Key.FirstRunId);

    /// <summary>
    /// Sets the finished journal of an earlier run aside, so that the same backup can be swapped in again: what that run kept stays,
    /// under a name of its own. An unfinished one is left to the library, which finishes or refuses.
    /// </summary>
    private static void Retire(RestoreAct act, NodeHome home)
    {
        if (SwapView.Read(home.Path, act.Backup.Digest) is not { Finished: true } old)
        {
            return;
        }

        KeptFolders.Retire(home, act.Backup.Digest, old.Kept);
        DurableFile.Delete(SwapView.PathOf(home.Path, act.Backup.Digest));
    }

    private static string OwnerPath(NodeHome home) => Path.Combine(home.Private, "swap-owner.json");

    /// <summary>A signer whose state is lost with its data gets a new epoch before it starts, and its state from there: its gate refuses a start without one.</summary>
    private async Task<SwapRequest> RequestAsync(RestoreAct act, NodeHome home, CancellationToken token) => new(
        home.Path,
        RestoreStager.FolderOf(StagingParent(home), act.Backup.Digest),
        act.Backup.Digest,
        home.Layout.SigningStateFile,
        SigningFloor: null,
        Keyless: MayNeverSign(act, home) || KeyIsElsewhere(act) || Homes.IsPreparedAndKeyless(home))
    {
        GateGuards = !MayNeverSign(act, home) && await SignerStart.ProblemAsync(act.Slice.Target, controls, rpcs, token).ConfigureAwait(false) is null,
    };

    private static bool MayNeverSign(RestoreAct act, NodeHome home) =>
        act.Slice.Target.Node.Kind != Contracts.Estates.NodeKind.Validator && ConsensusKeys.WhyItMaySign(act.Slice.Target.Node, home) is null;

    /// <summary>tmkms has the key and its own state file; the one in the home guards a key without voting power (a start with another is refused).</summary>
    private static bool KeyIsElsewhere(RestoreAct act) =>
        RemoteSigner.Of(act.Slice.Target) is { } remote && SignerHome.HeldAddress(act.Slice.Target.Node) != remote.Node.Signer!.Address;

    /// <summary>A node without a voting key refuses to start without the file; one at zero guards nothing because nothing is signed.</summary>
    private static void EnsureSigningState(RestoreAct act, NodeHome home)
    {
        if ((MayNeverSign(act, home) || KeyIsElsewhere(act)) && !File.Exists(home.SigningState))
        {
            DurableFile.WriteJson(home.SigningState, new { height = "0", round = 0, step = 0 });
        }
    }

    private static void DropIndex(NodeHome home)
    {
        var index = Path.Combine(home.Private, "index");
        if (Directory.Exists(index))
        {
            Directory.Delete(index, recursive: true);
        }
    }

    private static string StagedPath(NodeHome home, string digest) => Path.Combine(home.Private, $"staged-{Hex(digest)}.json");

    private static string Hex(string digest) =>
        digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower) ? digest : throw Failures.Invalid([$"backup.digest is '{digest}'; it must be 64 lower-case hexadecimal digits"]);

    private async Task RequireStoppedAsync(RestoreAct act, CancellationToken token)
    {
        var view = await controls.For(act.Slice.Target.Node).ObserveAsync(act.Slice.Target, token).ConfigureAwait(false);
        if (view.State != ProcessState.Stopped)
        {
            throw Failures.Permanent(
                ErrorTypes.Conflict, $"'{act.Slice.Target.Node.Name}' must be stopped and is {view.State}{(view.Pid is { } pid ? $" (process {pid})" : "")}: stop it, then retry. {string.Join("; ", view.Notes)}".TrimEnd());
        }
    }
}
