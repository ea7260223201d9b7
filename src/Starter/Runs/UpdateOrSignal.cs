using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>
/// Sends a message as an update, which is answered at once. When no worker answers, the same message (with the same id, so that both
/// together have one effect) goes as a signal, which the server keeps until a worker is back.
/// </summary>
internal static class UpdateOrSignal
{
    /// <summary>How long an update waits for a worker.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Sends it: the answer, or why there is none although the server has it.</summary>
    public static async Task<(TReply? Reply, string? Stored)> SendAsync<TReply>(
        WorkflowHandle handle, string name, object message, string id, TimeSpan? limit, CancellationToken cancellationToken)
        where TReply : class
    {
        try
        {
            var reply = await handle.ExecuteUpdateAsync<TReply>(name, [message], new WorkflowUpdateOptions(id)
            {
                Rpc = new RpcOptions { Timeout = limit ?? Limit, CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
            return (reply, null);
        }
        catch (WorkflowUpdateRpcTimeoutOrCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, await SignalAsync("no worker answered within " + Views.Durations.Text(limit ?? Limit)).ConfigureAwait(false));
        }
        catch (RpcException exception) when (exception.Code == RpcException.StatusCode.ResourceExhausted || ErrorTable.IsTimeout(exception))
        {
            return (null, await SignalAsync(exception.Message).ConfigureAwait(false));
        }

        async Task<string> SignalAsync(string why)
        {
            await handle.SignalAsync(name, [message], new WorkflowSignalOptions { Rpc = new RpcOptions { CancellationToken = cancellationToken } })
                .ConfigureAwait(false);
            return why;
        }
    }
}
