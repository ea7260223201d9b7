using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Applies the retention rules, region by region; a region that cannot be read is left alone, said, and paged.</summary>
[Workflow(WorkflowTypes.PruneBackups)]
public sealed class PruneBackupsWorkflow
{
    private readonly Progress progress = new();
    private readonly List<PruneDecision> decisions = [];
    private readonly List<string> failures = [];
    private int succeeded;
    private int deleted;
    private long freed;

    /// <summary>Prunes, or shows what it would do.</summary>
    /// <exception cref="ApplicationFailureException">The input is wrong, or no region could be pruned.</exception>
    [WorkflowRun]
    public async Task<PruneOutcome> RunAsync(PruneInput input)
    {
        UpkeepInput.Check(input);
        Progress.Introduce(WorkflowTypes.PruneBackups, input.Node);
        foreach (var kind in input.Kind is { } one ? [one] : BackupKinds.All)
        {
            foreach (var node in await BackupCalls.NodesAsync(input.Node, kind))
            {
                await PruneNodeAsync(input, node, kind);
            }
        }

        return succeeded > 0 || failures.Count == 0
            ? new(input.DryRun, decisions, deleted, freed)
            : throw new ApplicationFailureException(string.Join("\n", failures), ErrorTypes.Unavailable, nonRetryable: true);
    }

    private async Task PruneNodeAsync(PruneInput input, string node, string kind)
    {
        NodeSlice slice;
        try
        {
            slice = await BackupCalls.NodeAsync(node);
        }
        catch (ActivityFailureException e)
        {
            failures.Add($"{node}: {Failure.From(e).Message}");
            return;
        }

        var known = failures.Count;
        foreach (var bucket in slice.Buckets)
        {
            progress.Say(node, $"{kind} in {bucket.Region}");
            try
            {
                var outcome = await BackupCalls.PruneAsync(new(slice, bucket, kind, input.DryRun));
                succeeded++;
                decisions.AddRange(outcome.Decisions);
                deleted += outcome.DeletedObjects;
                freed += outcome.FreedBytes;
            }
            catch (ActivityFailureException e)
            {
                var why = Failure.From(e).Message;
                failures.Add($"{node}: {kind} in {bucket.Region} was not pruned: {why}");
                decisions.Add(new(bucket.Region, kind, Keep: true, "not pruned: " + why));
            }
        }

        progress.Say(node, failures.Count > known ? string.Join("; ", failures.Skip(known)) : "done");
        if (failures.Count > known)
        {
            var unheard = await Teller.TellAsync(WorkflowTypes.PruneBackups, node, slice, "error", string.Join("; ", failures.Skip(known)));
            decisions.AddRange(unheard.Select(u => new PruneDecision("", kind, Keep: true, u)));
        }
    }
}
