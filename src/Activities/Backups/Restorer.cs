using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The parts of a restore that look at the home: what is staged, where the swap is, and the swap itself.</summary>
public sealed class Restorer(NodeControls controls)
{
    /// <summary>Where restores are staged: in the home, so that the swap is a rename.</summary>
    internal static string StagingParent(NodeHome home) => Path.Combine(home.Private, "restore");

    /// <summary>What is staged for a backup by our record; the folder must still be there.</summary>
    internal static StagedRecord? ReadStaged(NodeHome home, string digest) =>
        DurableFile.ReadJson<StagedRecord>(StagedPath(home, digest)) is { } record && Directory.Exists(record.Folder) ? record : null;

    /// <summary>Remembers a whole staging folder.</summary>
    internal static void WriteStaged(NodeHome home, string digest, StagedRecord record) => DurableFile.WriteJson(StagedPath(home, digest), record);

    /// <summary>Drops what is staged for a backup; what a swap kept is never touched.</summary>
    internal static void DropStaged(NodeHome home, string digest)
    {
        var record = DurableFile.ReadJson<StagedRecord>(StagedPath(home, digest));
        var swapped = DurableFile.ReadJson<SwappedRecord>(SwappedPath(home));
        DurableFile.Delete(StagedPath(home, digest));
        if (record is not null && Directory.Exists(record.Folder) && !Contains(record.Folder, swapped?.Kept)
            && Path.GetFullPath(record.Folder).StartsWith(StagingParent(home) + "/", StringComparison.Ordinal))
        {
            Directory.Delete(record.Folder, recursive: true);
        }
    }

    internal static async Task<SwapState> StateAsync(RestoreAct act, CancellationToken token)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        var record = DurableFile.ReadJson<SwappedRecord>(SwappedPath(home));
        var pending = Directory.Exists(home.Path) ? await DataSwap.PendingAsync(home.Path, token).ConfigureAwait(false) : null;
        var swapped = record is { Swapped: true } && record.Digest == act.Backup.Digest && pending is null;
        return new SwapState(swapped, record?.Digest == act.Backup.Digest ? record.Kept : null, SignState.Read(home.SigningState, out _));
    }

    internal async Task<SwapState> SwapAsync(RestoreAct act, IFence fence, CancellationToken token)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        await RequireStoppedAsync(act, token).ConfigureAwait(false);
        var before = await StateAsync(act, token).ConfigureAwait(false);
        if (before.Swapped)
        {
            return before;
        }

        var staged = ReadStaged(home, act.Backup.Digest);
        var pending = await DataSwap.PendingAsync(home.Path, token).ConfigureAwait(false);
        if (staged is null && pending != act.Backup.Digest)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"backup {act.Backup.Id} is not staged on '{act.Slice.Target.Node.Name}': stage it first");
        }

        // Known tables are other files from now on.
        DropIndex(home);
        fence.EnsureCurrent();
        var result = await DataSwap.SwapAsync(Request(act, home, staged), token).ConfigureAwait(false);
        EnsureSigningState(act, home);
        DurableFile.WriteJson(SwappedPath(home), new SwappedRecord(act.Backup.Digest, true, result.KeptFolder, staged?.Folder));
        DurableFile.WriteJson(RestoredRecord.PathIn(home), new RestoredRecord(act.Backup.Digest, act.Backup.Id, DateTimeOffset.UtcNow));
        return await StateAsync(act, token).ConfigureAwait(false);
    }

    internal async Task<SwapState> SwapBackAsync(RestoreAct act, IFence fence, CancellationToken token)
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        await RequireStoppedAsync(act, token).ConfigureAwait(false);
        var record = DurableFile.ReadJson<SwappedRecord>(SwappedPath(home));
        var pending = await DataSwap.PendingAsync(home.Path, token).ConfigureAwait(false);
        if (pending is null && (record is null || record.Digest != act.Backup.Digest || !record.Swapped))
        {
            // Never swapped, or back already.
            return await StateAsync(act, token).ConfigureAwait(false);
        }

        DropIndex(home);
        fence.EnsureCurrent();
        await DataSwap.SwapBackAsync(Request(act, home, new StagedRecord(record?.Staged ?? StagedFolder(home, act), 0, 0)), token).ConfigureAwait(false);
        DurableFile.WriteJson(SwappedPath(home), new SwappedRecord(act.Backup.Digest, false, null, null));
        DurableFile.Delete(RestoredRecord.PathIn(home));
        return await StateAsync(act, token).ConfigureAwait(false);
    }

    private static bool Contains(string folder, string? path) =>
        path is not null && (Path.GetFullPath(path) + "/").StartsWith(Path.GetFullPath(folder) + "/", StringComparison.Ordinal);

    private static string StagedFolder(NodeHome home, RestoreAct act) =>
        DurableFile.ReadJson<StagedRecord>(StagedPath(home, act.Backup.Digest))?.Folder ?? Path.Combine(StagingParent(home), act.Backup.Digest);

    private static SwapRequest Request(RestoreAct act, NodeHome home, StagedRecord? staged) => new(
        home.Path,
        staged?.Folder ?? StagedFolder(home, act),
        act.Backup.Digest,
        home.Layout.SigningStateFile,
        SigningFloor: null,
        Keyless: ConsensusKeys.WhyItMaySign(act.Slice.Target.Node, home) is null && act.Slice.Target.Node.Kind != Contracts.Estates.NodeKind.Validator);

    /// <summary>A node without a voting key refuses to start without the file; one at zero guards nothing because nothing is signed.</summary>
    private static void EnsureSigningState(RestoreAct act, NodeHome home)
    {
        var mayNeverSign = act.Slice.Target.Node.Kind != Contracts.Estates.NodeKind.Validator && ConsensusKeys.WhyItMaySign(act.Slice.Target.Node, home) is null;
        if (mayNeverSign && !File.Exists(home.SigningState))
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

    private static string SwappedPath(NodeHome home) => Path.Combine(home.Private, "swapped.json");

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
