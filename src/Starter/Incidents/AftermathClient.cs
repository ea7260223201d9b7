using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;

namespace VirtEngine.DR.Starter.Incidents;

/// <summary>What is owed after runs, as the server has it.</summary>
internal sealed class AftermathClient(ITemporalClient client)
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(8);

    /// <summary>Everything that is owed (and, where asked, what was done), read from the server's list: no worker is needed.</summary>
    public async Task<IReadOnlyList<AftermathSummary>> ListAsync(bool closedToo, CancellationToken cancellationToken)
    {
        var query = $"WorkflowType = '{WorkflowTypes.Aftermath}'" + (closedToo ? "" : " AND ExecutionStatus = 'Running'");
        var found = new List<(AftermathSummary Summary, DateTime Started)>();
        await foreach (var execution in client.ListWorkflowsAsync(query).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // One that continued as new is listed once, by its newest execution.
            if (execution.Status != WorkflowExecutionStatus.ContinuedAsNew)
            {
                var state = execution.Memo.TryGetValue(AftermathVerbs.Memo, out var memo) ? await memo.ToValueAsync<AftermathState>().ConfigureAwait(false) : null;
                found.Add((new(execution.Id, execution.Status.ToString(), state), execution.StartTime));
            }
        }

        return [.. found.OrderByDescending(one => one.Started).Select(one => one.Summary)];
    }

    /// <summary>That of one run, named by the run's id or its own.</summary>
    public async Task<AftermathSummary> FindAsync(string run, CancellationToken cancellationToken) =>
        await TryFindAsync(run, cancellationToken).ConfigureAwait(false)
        ?? throw new CliException(
            ErrorTypes.NotFound, $"Nothing is or was owed after '{run}'. What is owed: virtengine-dr incidents list; the run itself: virtengine-dr status {run}");

    /// <summary>The same; null where there is none.</summary>
    public async Task<AftermathSummary?> TryFindAsync(string run, CancellationToken cancellationToken) =>
        (await ListAsync(closedToo: true, cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(one => one.Aftermath == run || one.State?.Run.WorkflowId == run || one.Aftermath.StartsWith($"aftermath/{run}/", StringComparison.Ordinal));

    /// <summary>With its journal: from its result, or from a worker.</summary>
    public Task<AftermathState> StateAsync(AftermathSummary one, CancellationToken cancellationToken)
    {
        var handle = client.GetWorkflowHandle(one.Aftermath);
        var rpc = new RpcOptions { Timeout = QueryLimit, CancellationToken = cancellationToken };
        return one.Status == nameof(WorkflowExecutionStatus.Completed)
            ? handle.GetResultAsync<AftermathState>(rpcOptions: rpc)
            : handle.QueryAsync<AftermathState>(Verbs.State, [], new WorkflowQueryOptions { Rpc = rpc });
    }

    /// <summary>Says that a task is done: the answer, or why there is none although the server has the message.</summary>
    public async Task<(DoneReply? Reply, string? Stored)> DoneAsync(AftermathSummary one, DoneMessage message, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var stamped = message with { Id = message.Id ?? Guid.NewGuid().ToString("N") };
        try
        {
            return await UpdateOrSignal.SendAsync<DoneReply>(
                client.GetWorkflowHandle(one.Aftermath), AftermathVerbs.Done, stamped, stamped.Id, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.Code == RpcException.StatusCode.NotFound)
        {
            throw new CliException(
                ErrorTypes.Conflict, $"Everything that was owed after '{one.State?.Run.WorkflowId ?? one.Aftermath}' is done, or it was terminated ({one.Status}). "
                + $"See: virtengine-dr incidents show {one.State?.Run.WorkflowId ?? one.Aftermath}", exception);
        }
    }
}
