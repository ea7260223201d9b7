using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Verification;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>Removes backups that no rule keeps, and collects the objects that no backup names. Needs credentials that may delete.</summary>
/// <param name="repository">One region's repository; each region is collected by its own manifests.</param>
/// <param name="options">What.</param>
public sealed class Pruner(BackupRepository repository, PruneOptions options)
{
    private static readonly TimeSpan FutureGuard = TimeSpan.FromMinutes(10);

    /// <summary>Prunes a node's backups of all kinds.</summary>
    /// <param name="chain">Chain id.</param>
    /// <param name="node">Node.</param>
    /// <param name="dryRun">Only say what would be done; nothing is written.</param>
    /// <param name="cancellationToken">Stops between deletions; running again goes on.</param>
    /// <exception cref="BackupException"><c>collection-stopped</c>: something could not be read, verified or understood; nothing more was deleted.</exception>
    public async Task<PruneResult> PruneAsync(string chain, string node, bool dryRun, CancellationToken cancellationToken)
    {
        new BackupScope(chain, node, BackupKinds.ChainState).Validate();
        var inventory = await NodeInventory.ReadAsync(repository, chain, node, cancellationToken).ConfigureAwait(false);
        var now = await BucketTimeAsync(chain, node, inventory, dryRun, cancellationToken).ConfigureAwait(false);
        RefuseFuture(inventory, now);
        var decisions = await DecideAsync(inventory, now, cancellationToken).ConfigureAwait(false);
        var removed = decisions.Where(decision => !decision.Keep).ToList();
        var collector = new Collector(repository, chain, node, options);
        if (dryRun)
        {
            var gone = removed.Select(decision => RepositoryKeys.Manifest(decision.Scope, decision.Id)).ToHashSet(StringComparer.Ordinal);
            var wouldMark = await collector.CountGarbageAsync(inventory, gone, cancellationToken).ConfigureAwait(false);
            return new PruneResult(true, decisions, removed.Count, wouldMark, 0, 0, [], []);
        }

        foreach (var decision in removed)
        {
            await BuryAsync(decision, now, cancellationToken).ConfigureAwait(false);
        }

        var collected = await collector.RunAsync(now, cancellationToken).ConfigureAwait(false);
        return new PruneResult(false, decisions, removed.Count, collected.Marked, collected.Deleted, collected.BytesDeleted, collected.WaitingFor, collected.Revoked);
    }

    /// <summary>The bucket's own clock: the time that it gives to an object written now. A dry run writes nothing and takes the host's, or the newest object's.</summary>
    private async Task<DateTimeOffset> BucketTimeAsync(string chain, string node, NodeInventory inventory, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return inventory.Backups.Select(item => item.LastModified).Append(repository.Options.Time.GetUtcNow()).Max();
        }

        var key = $"{RepositoryKeys.Marks(RepositoryKeys.Node(chain, node))}clock-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        await repository.Store.PutAsync(key, Encoding.UTF8.GetBytes("clock"), null, cancellationToken).ConfigureAwait(false);
        var info = await repository.Store.HeadAsync(key, cancellationToken).ConfigureAwait(false);
        await repository.Store.DeleteAsync(key, info?.Version, cancellationToken).ConfigureAwait(false);
        return info?.LastModified ?? throw new BackupException(BackupErrorCodes.CollectionStopped, $"{repository.Store.Location}: {key} was written and is not there; the bucket's clock is not known");
    }

    private static void RefuseFuture(NodeInventory inventory, DateTimeOffset now)
    {
        foreach (var item in inventory.Backups)
        {
            if (item.Id.Utc - now > FutureGuard)
            {
                throw new BackupException(BackupErrorCodes.CollectionStopped, string.Create(CultureInfo.InvariantCulture,
                    $"{item.Key} says {item.Id.Utc:u} and the bucket's clock {now:u}: one of the clocks is wrong, and nothing is deleted until they agree to 10 minutes"));
            }
        }
    }

    private async Task<IReadOnlyList<RetentionDecision>> DecideAsync(NodeInventory inventory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var decisions = new List<RetentionDecision>();
        foreach (var group in inventory.Backups.GroupBy(item => item.Scope).OrderBy(group => group.Key.Kind, StringComparer.Ordinal))
        {
            if (!options.Rules.TryGetValue(group.Key.Kind, out var rules))
            {
                decisions.AddRange(group.Select(item => new RetentionDecision(item.Scope, item.Id, item.LastModified, true, $"no rules for kind '{item.Scope.Kind}': everything stays")));
                continue;
            }

            var items = new List<RetentionItem>();
            foreach (var item in group)
            {
                var records = await BackupVerifier.ReadRecordsAsync(repository, item.Key, cancellationToken).ConfigureAwait(false);
                items.Add(new RetentionItem(item.Id, item.LastModified, RungState.IsProven(records.Where(record => record.Digest == item.Digest || record.Digest.Length == 0))));
            }

            decisions.AddRange(RetentionPlanner.Plan(group.Key, items, rules, now));
        }

        return decisions;
    }

    /// <summary>Replaces the manifest by a tombstone in one write: its key is never free, so no late commit brings it back.</summary>
    private async Task BuryAsync(RetentionDecision decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Manifest(decision.Scope, decision.Id);
        await repository.Store.PutAsync(key, Tombstone.Create(now, "pruned: " + decision.Reason), new PutOptions(Overwrite: true), cancellationToken).ConfigureAwait(false);
    }
}
