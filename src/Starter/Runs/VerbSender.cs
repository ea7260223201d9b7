using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>
/// Sends a verb as an update, which is answered at once. When no worker answers, the same message (with the same id, so that both
/// together have one effect) goes as a signal, which the server keeps until a worker is back.
/// </summary>
internal static class VerbSender
{
    /// <summary>How long an update waits for a worker.</summary>
    public static readonly TimeSpan UpdateLimit = TimeSpan.FromSeconds(10);

    public static async Task<VerbResult> SendAsync(
        RunClient runs, string run, string verb, VerbMessage message, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var stamped = message.Id is null ? message with { Id = Guid.NewGuid().ToString("N") } : message;
        var handle = runs.Client.GetWorkflowHandle(run);
        try
        {
            var reply = await handle.ExecuteUpdateAsync<VerbReply>(verb, [stamped], new WorkflowUpdateOptions(stamped.Id!)
            {
                Rpc = new RpcOptions { Timeout = limit ?? UpdateLimit, CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
            return new VerbResult(verb, run, reply.Accepted, reply.Message, reply.State);
        }
        catch (WorkflowUpdateRpcTimeoutOrCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await SignalAsync(handle, verb, stamped, "no worker answered within " + Views.Durations.Text(limit ?? UpdateLimit), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.Code is RpcException.StatusCode.ResourceExhausted or RpcException.StatusCode.DeadlineExceeded)
        {
            return await SignalAsync(handle, verb, stamped, exception.Message, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.Code == RpcException.StatusCode.NotFound)
        {
            throw await NotOpenAsync(runs, run, verb, exception, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<VerbResult> SignalAsync(
        WorkflowHandle handle, string verb, VerbMessage message, string why, CancellationToken cancellationToken)
    {
        await handle.SignalAsync(verb, [message], new WorkflowSignalOptions { Rpc = new RpcOptions { CancellationToken = cancellationToken } })
            .ConfigureAwait(false);
        return new VerbResult(
            verb, handle.Id, null,
            $"Stored, not answered ({why}). The server keeps the {verb} and the run takes it when a control worker is back; its answer will "
            + "stand in the journal. Start one: virtengine-dr worker --role control",
            null);
    }

    private static async Task<CliException> NotOpenAsync(
        RunClient runs, string run, string verb, RpcException inner, CancellationToken cancellationToken)
    {
        // Throws "there is no such run" by itself; else the run is there, and closed.
        var description = await runs.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
        return new CliException(
            ErrorTypes.Conflict, $"The run '{run}' is over ({description.Status}); {verb} has no effect any more. See: virtengine-dr report {run}", inner);
    }
}
