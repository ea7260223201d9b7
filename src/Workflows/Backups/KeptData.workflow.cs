using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>
/// Lists the former data that restores kept on a node's host, and deletes it when asked to: under the node's lock, so never while a run
/// may still want to swap back, and only while something better is proven.
/// </summary>
[Workflow(WorkflowTypes.KeptData)]
public sealed class KeptDataWorkflow
{
    private readonly Progress progress = new();
    private readonly StepKeys keys = new();
    private readonly StopRequest stop = new();
    private long freed;

    /// <summary>Lists; with <see cref="KeptInput.Apply"/> deletes.</summary>
    /// <exception cref="ApplicationFailureException">The input is wrong, the node is locked, or a folder could not be deleted.</exception>
    [WorkflowRun]
    public async Task<KeptOutcome> RunAsync(KeptInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        UpkeepInput.Check(input);
        Progress.Introduce(WorkflowTypes.KeptData, input.Node);
        _ = stop.ListenAsync();
        try
        {
            var slice = await BackupCalls.NodeAsync(input.Node);
            return input.Apply ? await DropAsync(input, slice) : new(input.Node, true, await DecideAsync(input, slice), 0);
        }
        catch (ActivityFailureException e)
        {
            var failure = Failure.From(e);
            throw new ApplicationFailureException(failure.Message, failure.Type, nonRetryable: true);
        }
    }

    /// <summary>A run of a higher rank wants the node: no further folder is begun.</summary>
    [WorkflowSignal(LockVerbs.Yield)]
    public Task YieldAsync(LockHolder claimant)
    {
        stop.Yield(claimant);
        return Task.CompletedTask;
    }

    private async Task<KeptOutcome> DropAsync(KeptInput input, NodeSlice slice)
    {
        var holder = LockTaker.Holder(WorkflowTypes.KeptData, input.Operator, Ranks.Backup, "deletes former data that restores kept");
        var locks = new LockTaker(new(holder, slice.Channels, null, slice.Simulated));
        if (!await locks.TakeAsync([new(Names.LockId("node", input.Node)), new(Names.LockId("region", slice.Target.Node.Region), Shared: true)], () => stop.Reason is not null, text => progress.Say(input.Node, text)))
        {
            throw new ApplicationFailureException($"nothing was deleted: {stop.Reason}.", ErrorTypes.Locked, nonRetryable: true);
        }

        try
        {
            var decisions = new List<KeptDecision>();
            foreach (var decision in await DecideAsync(input, slice))
            {
                if (!decision.Drop || stop.Reason is not null)
                {
                    decisions.Add(decision.Drop ? decision with { Drop = false, Reason = stop.Reason! } : decision);
                    continue;
                }

                progress.Say(input.Node, "deletes " + decision.Folder.Folder);
                freed += await BackupCalls.DropKeptAsync(new(keys.Next("drop-kept", StepKeys.Do), slice, decision.Folder.Name));
                decisions.Add(decision);
            }

            progress.Say(input.Node, FormattableString.Invariant($"{freed} bytes freed"));
            return new(input.Node, false, decisions, freed);
        }
        finally
        {
            await locks.ReleaseAsync();
        }
    }

    private async Task<IReadOnlyList<KeptDecision>> DecideAsync(KeptInput input, NodeSlice slice)
    {
        var kept = await BackupCalls.KeptAsync(new(slice));
        if (input.Folder is { } name && kept.All(folder => folder.Name != name))
        {
            throw new ApplicationFailureException(
                $"{input.Node} keeps no folder '{name}'; it keeps {string.Join(", ", kept.Select(folder => folder.Name).DefaultIfEmpty("none"))}.", ErrorTypes.NotFound, nonRetryable: true);
        }

        if (kept.Count == 0)
        {
            return [];
        }

        var healthy = await HealthyAsync(slice);
        var proven = await NewestProvenAsync(slice);
        return [.. kept.Where(folder => input.Folder is null || folder.Name == input.Folder).Select(folder => Decide(folder, healthy, proven, input))];
    }

    /// <summary>The former data is the last resort as long as neither the node has shown that it lives nor a later state of it is proven.</summary>
    private static KeptDecision Decide(KeptFolder folder, string? healthy, BackupRef? proven, KeptInput input)
    {
        if (folder.Held is { } held)
        {
            return new(folder, false, held);
        }

        if (healthy is not null)
        {
            return new(folder, true, healthy);
        }

        if (proven is not null && proven.TakenAt > folder.Since)
        {
            return new(folder, true, $"backup {proven.Id} is newer and proven");
        }

        return string.IsNullOrWhiteSpace(input.WithoutProof)
            ? new(folder, false, "the node is not shown to be healthy and no proven backup is newer than this folder: it may be all there is")
            : new(folder, true, $"without proof, {input.Operator ?? "(unnamed)"}: {input.WithoutProof}");
    }

    private static async Task<string?> HealthyAsync(NodeSlice slice)
    {
        var node = slice.Target.Node;
        if (node.Rpc is not { } url)
        {
            return null;
        }

        try
        {
            var chain = slice.Target.Chain;
            var report = await BackupCalls.HealthAsync(new(chain.Id, new(node.Name, url), slice.References, chain.MaxLagBlocks, chain.MaxBlockAge, TimeSpan.Zero, 0));
            return report.Health == Health.Healthy ? FormattableString.Invariant($"the node is healthy at height {report.Height}") : null;
        }
        catch (ActivityFailureException)
        {
            // Not shown to be healthy; the decision says so.
            return null;
        }
    }

    private static async Task<BackupRef?> NewestProvenAsync(NodeSlice slice)
    {
        try
        {
            return (await BackupCalls.ChooseAsync(new(slice, BackupKinds.ChainState, "newest-proven", null))).Backup;
        }
        catch (ActivityFailureException)
        {
            // There is none, or nobody can say; the decision says so.
            return null;
        }
    }
}
