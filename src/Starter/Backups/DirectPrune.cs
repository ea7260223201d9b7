using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>What the retention rules decide, read here; nothing is deleted.</summary>
internal static class DirectPrune
{
    public static async Task<PruneOutcome> DryRunAsync(CliSession session, string? node, string? kind, CancellationToken cancellationToken)
    {
        var loaded = session.Estate();
        var reader = new RepositoryReader(loaded);
        var rules = loaded.Estate.Backups.Retention.Where(rule => kind is null || rule.Kind == kind).ToDictionary(
            rule => rule.Kind, rule => new KeepRules(rule.Last, rule.Hourly, rule.Daily, rule.Weekly, rule.Monthly, rule.Within), StringComparer.Ordinal);
        var decisions = new List<PruneDecision>();
        foreach (var slice in await reader.NodesAsync(node, kind ?? BackupKinds.ChainState).ConfigureAwait(false))
        {
            foreach (var source in await reader.Access.SourcesAsync(slice, cancellationToken).ConfigureAwait(false))
            {
                var repository = source.Repository
                    ?? throw new CliException(Contracts.ErrorTypes.Unavailable, $"{source.Region}: {source.Unreachable}");
                var result = await new Pruner(repository, new PruneOptions(rules))
                    .PruneAsync(slice.Target.Chain.Id, slice.Target.Node.Name, dryRun: true, cancellationToken).ConfigureAwait(false);
                decisions.AddRange(result.Decisions.Where(one => kind is null || one.Scope.Kind == kind)
                    .Select(one => new PruneDecision(source.Region, $"{one.Scope}/{one.Id}.json", one.Keep, one.Reason)));
            }
        }

        return new PruneOutcome(true, decisions, 0, 0);
    }
}
