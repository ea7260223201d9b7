using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;

namespace VirtEngine.DR.Starter.Repairs;

/// <summary>Finds what a run left behind, starts its repair, or frees its locks by two people's word.</summary>
internal sealed class RepairBook(RunClient runs)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What the run left: from its locks' own copy of the journal, else from its history.</summary>
    /// <exception cref="CliException">It left nothing, or it is still at work.</exception>
    public async Task<OrphanedRun> FindAsync(string run, CancellationToken cancellationToken)
    {
        var shares = new List<(LockState State, LockShare Share)>();
        await foreach (var listed in runs.Client.ListWorkflowsAsync($"WorkflowType = '{WorkflowTypes.Lock}' AND ExecutionStatus = 'Running'")
            .WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var state = await QueryAsync<LockState>(listed.Id, null, Verbs.State, cancellationToken).ConfigureAwait(false);
            shares.AddRange((state?.Holders ?? []).Where(h => h.Holder.WorkflowId == run).Select(share => (state!, share)));
        }

        if (shares.Count == 0)
        {
            var description = await runs.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
            throw new CliException(ErrorTypes.Conflict, $"'{run}' ({description.Status}) holds no lock: there is nothing to repair.");
        }

        if (shares.Find(s => !s.Share.Orphaned) is { State: { } held })
        {
            throw new CliException(
                ErrorTypes.Conflict,
                $"'{run}' still holds {held.Id}: it is at work, or its end has not been noticed yet (a few seconds, with a control worker). "
                + $"A run that is at work is stopped by: virtengine-dr abort {run}");
        }

        var holder = shares[0].Share.Holder;
        var end = await EndAsync(shares, cancellationToken).ConfigureAwait(false);
        var last = end?.Last ?? await QueryAsync<RunState>(run, holder.FirstRunId, Verbs.State, cancellationToken).ConfigureAwait(false);
        return new OrphanedRun(holder, [.. shares.Select(s => new LockWish(s.State.Id, s.State.Shared))], end?.Status ?? "closed", last);
    }

    /// <summary>Starts the repair that was confirmed.</summary>
    /// <returns>The repair's id.</returns>
    public async Task<string> StartAsync(OrphanedRun found, bool adopt, string digest, string by, string? why, CancellationToken cancellationToken)
    {
        var left = found.Left ?? throw new CliException(ErrorTypes.NotFound, $"The journal of '{found.Holder.WorkflowId}' is not known.");
        await EndResetAsync(found.Holder, by, cancellationToken).ConfigureAwait(false);
        var takeover = new Takeover(left, found.Holder.WorkflowId, found.Holder.FirstRunId, adopt, digest);
        var id = RepairInput.IdOf(found.Holder.WorkflowId, found.Holder.FirstRunId);
        await runs.Client.StartWorkflowAsync(
            left.Runbook, [RepairInput.Of(takeover, by.Length > 0 ? by : null, why)], new WorkflowOptions(id, Names.ControlQueue)
            {
                IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
                StaticSummary = $"{(adopt ? "adopts" : "undoes")} what {left.WorkflowId} did",
                Rpc = new RpcOptions { CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
        return id;
    }

    /// <summary>Frees every orphaned lock of the run.</summary>
    public async Task<IReadOnlyList<LockReply>> ReleaseAsync(OrphanedRun found, string by, string approvedBy, string why, CancellationToken cancellationToken)
    {
        var replies = new List<LockReply>();
        foreach (var wish in found.Locks)
        {
            var release = new LockRelease { WorkflowId = found.Holder.WorkflowId, By = by, ApprovedBy = approvedBy, Why = why };
            replies.Add(await runs.Client.GetWorkflowHandle(wish.Id).ExecuteUpdateAsync<LockReply>(
                LockVerbs.Release, [release], new() { Rpc = new RpcOptions { Timeout = Patience, CancellationToken = cancellationToken } }).ConfigureAwait(false));
        }

        return replies;
    }

    private async Task<HolderState?> EndAsync(List<(LockState State, LockShare Share)> shares, CancellationToken cancellationToken)
    {
        HolderState? any = null;
        foreach (var (state, share) in shares)
        {
            var ends = await QueryAsync<List<HolderEnd>>(state.Id, null, LockVerbs.Ends, cancellationToken).ConfigureAwait(false) ?? [];
            any = ends.Find(e => e.Holder == share.Holder)?.End ?? any;
            if (any?.Last is not null)
            {
                break;
            }
        }

        return any;
    }

    /// <summary>The execution that a reset made does nothing any more; while it is open it only hides that the run is over.</summary>
    private async Task EndResetAsync(LockHolder holder, string by, CancellationToken cancellationToken)
    {
        var current = await runs.DescribeAsync(holder.WorkflowId, cancellationToken).ConfigureAwait(false);
        if (current.Status == WorkflowExecutionStatus.Running && current.RunId != holder.FirstRunId)
        {
            await runs.Client.GetWorkflowHandle(holder.WorkflowId, current.RunId)
                .TerminateAsync($"repaired by {by}", new() { Rpc = new RpcOptions { CancellationToken = cancellationToken } }).ConfigureAwait(false);
        }
    }

    private async Task<T?> QueryAsync<T>(string workflow, string? runId, string query, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await runs.Client.GetWorkflowHandle(workflow, runId).QueryAsync<T>(query, [], new WorkflowQueryOptions
            {
                Rpc = new RpcOptions { Timeout = Patience, CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WorkflowQueryFailedException || (e is RpcException rpc && rpc.Code == RpcException.StatusCode.NotFound))
        {
            // A lock that was freed meanwhile, or a workflow without a state (a backup): nothing is known of it.
            return null;
        }
    }
}
