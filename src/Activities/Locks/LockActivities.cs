using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Activities.Locks;

/// <summary>Watches the holder of a lock through the server, so that an absent worker never frees it.</summary>
public sealed class LockActivities(ITemporalClient client) : ILockActivities
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueryWithin = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    [Activity("lock.watch-holder")]
    public Task<HolderState> WatchHolderAsync(LockHolder holder) => ActivityScope.HeartbeatingAsync(async token =>
    {
        // The first execution is the holder: one that a reset made may only be repaired, so the first one's end is the end.
        var handle = client.GetWorkflowHandle(holder.WorkflowId, runId: holder.FirstRunId);
        while (true)
        {
            if (await StatusAsync(handle, token).ConfigureAwait(false) is { } closed)
            {
                return closed with { Last = await LastAsync(handle, token).ConfigureAwait(false) };
            }

            await WaitForCloseAsync(handle, token).ConfigureAwait(false);
        }
    });

    /// <inheritdoc/>
    [Activity("lock.describe")]
    public Task<LockState?> DescribeAsync(string lockId) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var handle = client.GetWorkflowHandle(lockId);
        try
        {
            if ((await handle.DescribeAsync(new() { Rpc = Rpc(token) }).ConfigureAwait(false)).Status != WorkflowExecutionStatus.Running)
            {
                return null;
            }

            return await handle.QueryAsync<LockState?>(Verbs.State, [], new() { Rpc = Rpc(token) }).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return null;
        }
        catch (RpcException e)
        {
            throw Failures.Transient($"lock '{lockId}' cannot be asked: {e.Message}", e);
        }
    });

    private static async Task<HolderState?> StatusAsync(WorkflowHandle handle, CancellationToken token)
    {
        try
        {
            var status = (await handle.DescribeAsync(new() { Rpc = Rpc(token) }).ConfigureAwait(false)).Status;
            return status == WorkflowExecutionStatus.Running ? null : new HolderState(status.ToString());
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return new HolderState("NotFound");
        }
        catch (RpcException e)
        {
            throw Failures.Transient($"run '{handle.Id}' cannot be asked: {e.Message}", e);
        }
    }

    private static async Task<RunState?> LastAsync(WorkflowHandle handle, CancellationToken token)
    {
        try
        {
            return await handle.QueryAsync<RunState?>(Verbs.State, [], new() { Rpc = Rpc(token) }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or WorkflowQueryFailedException && !token.IsCancellationRequested)
        {
            // Gone, or it cannot be replayed any more: the status alone is known then, and the answer says so by leaving it out.
            return null;
        }
    }

    private static async Task WaitForCloseAsync(WorkflowHandle handle, CancellationToken token)
    {
        try
        {
            // The server holds this call until the run closes, or answers with nothing after a while.
            await foreach (var _ in handle.FetchHistoryEventsAsync(new()
            {
                WaitNewEvent = true,
                EventFilterType = HistoryEventFilterType.CloseEvent,
                Rpc = new RpcOptions { CancellationToken = token },
            }).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            // The server is away for a moment; the next look says whether it is the run.
        }

        await Task.Delay(Between, token).ConfigureAwait(false);
    }

    private static RpcOptions Rpc(CancellationToken token) => new() { CancellationToken = token, Timeout = QueryWithin };
}
