using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Follows a run to its end, or to the point where only a person can move it on.</summary>
internal static class WatchRuns
{
    /// <summary>Follows; the exit code is the outcome's.</summary>
    public static async Task<int> FollowAsync(CliSession session, RunClient runs, string run, CancellationToken cancellationToken)
    {
        var watch = new RunWatch(session, token => ReadAsync(runs, run, token), TimeProvider.System);
        var state = await watch.UntilAsync(
            state => state.Phase == RunPhase.Closed || (!session.Interactive && RunExit.NeedsPerson(state)), cancellationToken).ConfigureAwait(false);
        state = await FinalAsync(runs, run, state, cancellationToken).ConfigureAwait(false);
        if (session.Settings.Json)
        {
            session.Json(state);
        }
        else if (!session.Interactive)
        {
            foreach (var line in RunText.Lines(state, DateTimeOffset.UtcNow, journal: 0))
            {
                session.Line(line);
            }
        }

        return RunExit.Code(state);
    }

    /// <summary>
    /// The last word of a run that is closing: it still releases its locks and writes its evidence, and what fails there changes the outcome.
    /// </summary>
    public static async Task<RunState> FinalAsync(RunClient runs, string run, RunState state, CancellationToken cancellationToken) => state.Phase != RunPhase.Closed
        ? state
        : await runs.Client.GetWorkflowHandle(run).GetResultAsync<RunState>(rpcOptions: new RpcOptions { CancellationToken = cancellationToken }).ConfigureAwait(false);

    /// <summary>The state; a run that ended without one (invalid input, terminated) is explained by its failure.</summary>
    public static async Task<RunState> ReadAsync(RunClient runs, string run, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var state = await runs.StateAsync(run, cancellationToken).ConfigureAwait(false);
                if (state.Phase != RunPhase.Closed)
                {
                    await ThrowIfEndedAsync(runs, run, cancellationToken).ConfigureAwait(false);
                }

                return state;
            }
            catch (WorkflowQueryFailedException)
            {
                // Before its first task a run has no state yet; a run that failed in it never gets one.
                await ThrowIfEndedAsync(runs, run, cancellationToken).ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The state; of a run that is over also without a worker, from the result that the server keeps.</summary>
    public static async Task<RunState> ReadAnywayAsync(RunClient runs, string run, CancellationToken cancellationToken)
    {
        var description = await runs.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
        if (description.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Completed && RunClient.Runbooks.Contains(description.WorkflowType))
        {
            return await runs.Client.GetWorkflowHandle(run).GetResultAsync<RunState>(rpcOptions: new RpcOptions { CancellationToken = cancellationToken })
                .ConfigureAwait(false);
        }

        return await ReadAsync(runs, run, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ThrowIfEndedAsync(RunClient runs, string run, CancellationToken cancellationToken)
    {
        var description = await runs.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
        if (description.Status is not (Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running or Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Completed))
        {
            await runs.Client.GetWorkflowHandle(run).GetResultAsync(rpcOptions: new RpcOptions { CancellationToken = cancellationToken })
                .ConfigureAwait(false);
        }
    }
}
