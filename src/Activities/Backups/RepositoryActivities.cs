using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Replication;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Work on the repositories that needs no node.</summary>
/// <param name="repositories">Opens them.</param>
/// <param name="paths">Where this worker may keep scratch files.</param>
public sealed class RepositoryActivities(RepositoryAccess repositories, ActivityPaths paths) : IRepositoryActivities
{
    /// <inheritdoc/>
    [Activity("repository.choose")]
    public Task<BackupChoice> ChooseAsync(ChooseCommand command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var sources = await repositories.SourcesAsync(command.Slice, token).ConfigureAwait(false);
        if (sources.Count > 0 && sources.All(source => source.Repository is null) && await repositories.AllEmptyAsync(command.Slice, token).ConfigureAwait(false))
        {
            throw Failures.Permanent(ErrorTypes.NotFound, $"there is no backup yet: none of {string.Join(", ", sources.Select(source => source.Region))} holds a repository");
        }

        var (catalog, found, former) = await FindAsync(command, sources, token).ConfigureAwait(false);
        var best = found.Entry.Rungs.Where(record => record.Passed).OrderByDescending(record => record.Rung).ThenByDescending(record => record.At).FirstOrDefault();
        return new BackupChoice(
            BackupRefs.Of(found.Entry),
            [.. found.Entry.Copies.Where(copy => copy.Problem is null).Select(copy => copy.Region)],
            (int)(found.Entry.HighestRung ?? 0),
            found.Entry.Proven ? best?.At : null,
            [.. found.NewerKnown.Select(newer => $"{newer.Id} ({newer.KnownFrom}): {newer.Reason}"), .. former],
            [.. found.Unreachable.Select(region => $"{region.Key}: {region.Value}")])
        {
            Newest = await NewestAsync(catalog, found, token).ConfigureAwait(false),
        };
    }));

    /// <inheritdoc/>
    [Activity("repository.replicate")]
    public Task<VerificationReport> ReplicateAsync(ReplicateCommand command)
    {
        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () =>
            {
                var source = await repositories.OpenAsync(command.Slice, command.From, token).ConfigureAwait(false);
                var target = await repositories.OpenReplicaAsync(command.Slice, command.To, token).ConfigureAwait(false);
                var result = await new Replicator(bytesPerSecond: command.Slice.Backups.RateLimit, lockFor: command.To.Lock)
                    .ReplicateAsync(source, target, command.Backup.ManifestKey, progress, token).ConfigureAwait(false);
                return new VerificationReport(
                    command.Backup, command.To.Region, 1, DateTimeOffset.UtcNow, null,
                    [result.AlreadyCommitted ? "was there already" : $"{result.ObjectsCopied} objects ({result.BytesCopied} bytes) copied, {result.ObjectsPresent} were there"]);
            }),
            () => progress.Last);
    }

    /// <inheritdoc/>
    [Activity("repository.verify")]
    public Task<VerificationReport> VerifyAsync(VerifyCommand command)
    {
        if (command.Rung is < 1 or > 3)
        {
            throw Failures.Invalid([$"rung is {command.Rung}; this activity climbs 1 to 3 (rung 4 needs a node's host)"]);
        }

        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () =>
            {
                var repository = await repositories.OpenAsync(command.Slice, command.Bucket, token).ConfigureAwait(false);
                using var scratch = paths.NewScratch("verify");
                var verifier = new BackupVerifier(new VerifierOptions(Environment.MachineName, scratch.Path));
                var records = await verifier.VerifyAsync(repository, command.Backup.ManifestKey, (Rung)command.Rung, progress, token).ConfigureAwait(false);
                return Reports.Of(command.Backup, command.Bucket.Region, records, command.Rung);
            }),
            () => progress.Last);
    }

    /// <inheritdoc/>
    [Activity("repository.prune")]
    public Task<PruneOutcome> PruneAsync(PruneCommand command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var repository = await repositories.OpenAsync(command.Slice, command.Bucket, token).ConfigureAwait(false);
        var rules = command.Slice.Backups.Retention.Where(rule => rule.Kind == command.Kind)
            .ToDictionary(rule => rule.Kind, rule => new KeepRules(rule.Last, rule.Hourly, rule.Daily, rule.Weekly, rule.Monthly, rule.Within), StringComparer.Ordinal);
        var result = await new Pruner(repository, new PruneOptions(rules))
            .PruneAsync(command.Slice.Target.Chain.Id, command.Slice.Target.Node.Name, command.DryRun, token).ConfigureAwait(false);
        return new PruneOutcome(
            result.DryRun,
            [.. result.Decisions.Where(one => one.Scope.Kind == command.Kind)
                .Select(one => new PruneDecision(command.Bucket.Region, $"{one.Scope}/{one.Id}.json", one.Keep, one.Reason))],
            result.ObjectsDeleted,
            result.BytesDeleted);
    }));

    /// <summary>Finds the backup; where no bucket lists a fitting one, among the former versions of those that keep them: somebody may have emptied them.</summary>
    private static async Task<(BackupCatalog Catalog, FoundBackup Found, IReadOnlyList<string> Former)> FindAsync(
        ChooseCommand command, IReadOnlyList<CatalogSource> sources, CancellationToken token)
    {
        var scope = BackupNames.Scope(command.Slice, command.Kind);
        var catalog = new BackupCatalog(sources, Heads(command.Slice));
        try
        {
            return (catalog, await catalog.FindAsync(scope, Selector(command), token).ConfigureAwait(false), []);
        }
        catch (BackupException e) when (e.Code == BackupErrorCodes.BackupMissing && sources.Any(source => source.Repository?.Store.Capabilities.Versioned == true))
        {
            var former = new BackupCatalog(sources, Heads(command.Slice), formerVersions: true);
            FoundBackup found;
            try
            {
                found = await former.FindAsync(scope, Selector(command), token).ConfigureAwait(false);
            }
            catch (BackupException second) when (second.Code == BackupErrorCodes.BackupMissing)
            {
                throw e;
            }

            return (former, found, [$"{found.Entry.Id} is a former version: it was overwritten, deleted or pruned in {string.Join(", ", found.Entry.Copies.Select(copy => copy.Region))}; find out who did that"]);
        }
    }

    /// <summary>The newest that is known of where it is not the chosen one; of one that only a head remembers, its id is all that is known.</summary>
    private static async Task<BackupRef?> NewestAsync(BackupCatalog catalog, FoundBackup found, CancellationToken token)
    {
        if (found.NewerKnown.MaxBy(newer => newer.Id)?.Id is not { } newest)
        {
            return null;
        }

        var scope = found.Entry.Scope;
        var listed = (await catalog.ListAsync(scope, token).ConfigureAwait(false)).Entries.FirstOrDefault(entry => entry.Id == newest);
        return listed is not null ? BackupRefs.Of(listed) : new BackupRef
        {
            Chain = scope.Chain,
            Node = scope.Node,
            Kind = scope.Kind,
            Id = newest.ToString(),
            ManifestKey = "",
            Digest = "",
            Height = newest.Height,
            TakenAt = newest.Utc,
        };
    }

    private static HostHeads[] Heads(NodeSlice slice) =>
        Directory.Exists(slice.Target.Node.Home) ? [new HostHeads(NodeHome.Of(slice.Target.Node))] : [];

    private static BackupSelector Selector(ChooseCommand command)
    {
        var provenOnly = command.Selector == "newest-proven";
        var selector = command.At is { } at ? BackupSelector.Before(at, provenOnly) : command.Selector switch
        {
            "newest-proven" => BackupSelector.NewestProven,
            "newest" => BackupSelector.Newest,
            _ => BackupSelector.ById(BackupId.TryParse(command.Selector)
                ?? throw Failures.Invalid([$"backup is '{command.Selector}'; allowed are newest-proven, newest, or an id such as 1200-20260131T120000Z-0123456789abcdef"])),
        };
        return selector with { AtMostHeight = command.AtMostHeight };
    }
}
