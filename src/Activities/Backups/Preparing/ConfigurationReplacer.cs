using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>Replaces damaged configuration from a backup: compared first, validated, the former files kept. Each call goes on from what an earlier one left.</summary>
public sealed class ConfigurationReplacer(HomePreparer preparer)
{
    /// <summary>Stages the backup and compares.</summary>
    public async Task<ConfigurationComparison> CompareAsync(RestoreAct act, NodeHome home, IProgress<TransferProgress>? progress, CancellationToken token)
    {
        var (_, entries, refusals) = await LookAsync(act, home, progress, token).ConfigureAwait(false);
        var chain = act.Slice.Target.Chain.Id;
        return new(
            [
                .. entries.Where(entry => entry.State is PlacementState.Differs or PlacementState.Missing).Select(entry => new ConfigurationDifference(
                    Path.GetRelativePath(home.Path, entry.Target),
                    entry.State == PlacementState.Missing,
                    entry.State == PlacementState.Missing || !File.Exists(entry.Target) ? null : ConfigurationCheck.Damage(entry.Target, File.ReadAllBytes(entry.Target), chain))),
            ],
            refusals);
    }

    /// <summary>Replaces the files that people approved.</summary>
    public async Task<HomeObservation> ReplaceAsync(ReplaceAct replace, NodeHome home, IFence fence, IProgress<TransferProgress>? progress, CancellationToken token)
    {
        var act = replace.Act;
        await preparer.RequireStoppedAsync(act, "its configuration is replaced", token).ConfigureAwait(false);
        var (placement, entries, _) = await LookAsync(act, home, progress, token).ConfigureAwait(false);
        var known = HomeRecords.Replaced(act, home);
        var chosen = entries.Where(entry => replace.Files.Contains(Path.GetRelativePath(home.Path, entry.Target))).ToArray();
        var absent = replace.Files.Except(chosen.Select(entry => Path.GetRelativePath(home.Path, entry.Target))).ToArray();
        if (absent.Length > 0)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"backup {act.Backup.Id} has nothing to put in the place of {string.Join(", ", absent)}, or it must not be taken from there: look at the plan again");
        }

        var record = known ?? new ReplacedRecord(act.Backup.Digest, act.Key.FirstRunId, [.. chosen.Select(entry => new PlacedFile(Path.GetRelativePath(home.Path, entry.Target), entry.File.Sha256))], Finished: false);
        fence.EnsureCurrent();
        DurableFile.WriteJson(ReplacedRecord.PathIn(home), record with { Finished = false });
        foreach (var entry in chosen)
        {
            token.ThrowIfCancellationRequested();
            fence.EnsureCurrent();
            placement.Replace(entry, Path.Combine(ReplacedRecord.FormerIn(home, act.Key.FirstRunId), Path.GetRelativePath(home.Path, entry.Target)));
        }

        DurableFile.WriteJson(ReplacedRecord.PathIn(home), record with { Finished = true });
        return HomeRecords.Observe(act, home);
    }

    /// <summary>Puts the former files back.</summary>
    public static Task<HomeObservation> PutBackAsync(RestoreAct act, NodeHome home, IFence fence, CancellationToken token)
    {
        if (HomeRecords.Replaced(act, home) is { } record)
        {
            foreach (var file in record.Files)
            {
                token.ThrowIfCancellationRequested();
                fence.EnsureCurrent();

                // What a person changed since is theirs: it stays.
                ConfigurationPlacement.PutBack(home.Path, file.Path, file.Sha256, Path.Combine(ReplacedRecord.FormerIn(home, act.Key.FirstRunId), file.Path));
            }

            fence.EnsureCurrent();
            DurableFile.Delete(ReplacedRecord.PathIn(home));
        }

        return Task.FromResult(HomeRecords.Observe(act, home));
    }

    /// <summary>The backup's files of the home that may be taken, and why the others may not.</summary>
    private async Task<(ConfigurationPlacement Placement, IReadOnlyList<PlacementEntry> Entries, IReadOnlyList<string> Refusals)> LookAsync(
        RestoreAct act, NodeHome home, IProgress<TransferProgress>? progress, CancellationToken token)
    {
        var staged = await preparer.StageAsync(act, home, progress, token).ConfigureAwait(false);
        var placement = new ConfigurationPlacement(staged, home.Path);
        var entries = new List<PlacementEntry>();
        var refusals = new List<string>();
        foreach (var entry in placement.Compare().Where(entry => entry.InHome))
        {
            var relative = Path.GetRelativePath(home.Path, entry.Target);
            var why = entry.State == PlacementState.Refused ? entry.Reason
                : ConfigurationCheck.Damage(relative, File.ReadAllBytes(placement.StagedPath(entry.File)), act.Slice.Target.Chain.Id)
                    ?? (relative == "config/config.toml" && File.Exists(entry.Target) ? ConfigurationCheck.Moves(home.Path, Path.GetDirectoryName(Path.GetDirectoryName(placement.StagedPath(entry.File)))!) : null);
            if (why is null)
            {
                entries.Add(entry);
            }
            else
            {
                refusals.Add($"{relative} is not taken from the backup: {why}");
            }
        }

        return (placement, entries, refusals);
    }
}
