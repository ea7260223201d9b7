using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>Sends a verb to a run (<see cref="UpdateOrSignal"/>).</summary>
internal static class VerbSender
{
    public static async Task<VerbResult> SendAsync(
        RunClient runs, string run, string verb, VerbMessage message, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var stamped = message.Id is null ? message with { Id = Guid.NewGuid().ToString("N") } : message;
        var handle = runs.Client.GetWorkflowHandle(run);
        try
        {
            var (reply, stored) = await UpdateOrSignal.SendAsync<VerbReply>(handle, verb, stamped, stamped.Id!, limit, cancellationToken).ConfigureAwait(false);
            return reply is not null
                ? new VerbResult(verb, run, reply.Accepted, reply.Message, reply.State)
                : new VerbResult(
                    verb, run, null,
                    $"Stored, not answered ({stored}). The server keeps the {verb} and the run takes it when a control worker is back; its answer will "
                    + "stand in the journal. Start one: virtengine-dr worker --role control",
                    null);
        }
        catch (RpcException exception) when (exception.Code == RpcException.StatusCode.NotFound)
        {
            throw await NotOpenAsync(runs, run, verb, exception, cancellationToken).ConfigureAwait(false);
        }
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
