using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Worker;
using Code = Temporalio.Exceptions.RpcException.StatusCode;

namespace VirtEngine.DR.Starter.Errors;

/// <summary>The one table that turns types of failures into messages and exit codes.</summary>
internal static class ErrorTable
{
    /// <summary>No Temporal server is named or none answers.</summary>
    public const string ServerUnreachable = "ServerUnreachable";

    /// <summary>The server answers, but no worker does.</summary>
    public const string NoWorker = "NoWorker";

    /// <summary>An open run does not replay with this version.</summary>
    public const string OtherVersion = "OtherVersion";

    /// <summary>The embedded engine's file cannot be used.</summary>
    public const string EngineFile = "EngineFile";

    /// <summary>Ctrl-C.</summary>
    public const string Interrupted = "Interrupted";

    /// <summary>All rows; every type of <see cref="ErrorTypes"/> has one.</summary>
    public static IReadOnlyList<ErrorRow> Rows { get; } =
    [
        new(ErrorTypes.InvalidInput, ExitCodes.Usage, "Correct the fields named above and try again; nothing was started."),
        new(ErrorTypes.NotConfigured, ExitCodes.Usage, "Add it to the estate, then: virtengine-dr estate check"),
        new(ErrorTypes.NotFound, ExitCodes.NotFound, "List what there is: virtengine-dr status, virtengine-dr backup list, virtengine-dr estate show"),
        new(ErrorTypes.Locked, ExitCodes.Refused, "Wait for the run that holds it, or deal with it: virtengine-dr status"),
        new(ErrorTypes.Conflict, ExitCodes.Refused, "Look again (virtengine-dr status RUN) and decide on what is there now."),
        new(ErrorTypes.Forbidden, ExitCodes.Refused, "A safety rule forbids it; no option overrides it."),
        new(ErrorTypes.Fenced, ExitCodes.Refused, "A newer attempt owns the target; follow it with: virtengine-dr status"),
        new(ErrorTypes.Untrusted, ExitCodes.Failed, "Do not restore it. Look for another: virtengine-dr backup list"),
        new(ErrorTypes.NoSpace, ExitCodes.Failed, "Free space on the node's disk, then: virtengine-dr retry RUN"),
        new(ErrorTypes.Deadline, ExitCodes.Failed, "See what was observed: virtengine-dr status RUN"),
        new(ErrorTypes.Discarded, ExitCodes.Failed, "Nothing was harmed; a new attempt may succeed."),
        new(ErrorTypes.Unavailable, ExitCodes.Unreachable, "Try again; if it stays, look at the service that is named."),
        new(ServerUnreachable, ExitCodes.Unreachable, "Check the address and that the server runs; one machine needs none: virtengine-dr worker starts an engine of its own"),
        new(NoWorker, ExitCodes.Unreachable, "Start a control worker: virtengine-dr worker --role control"),
        new(OtherVersion, ExitCodes.OtherVersion, "Start the version named above. In an emergency: virtengine-dr worker --role control --skip-replay \"WHY\""),
        new(EngineFile, ExitCodes.Failed, "Nothing was changed. Look at the file: virtengine-dr engine check; restore a copy of it, or name another folder by VIRTENGINE_ENGINE"),
        new(Interrupted, ExitCodes.Interrupted, "A run that was started goes on: virtengine-dr status"),
    ];

    /// <summary>Explains a failure, or null when it is a mistake in this program.</summary>
    public static ExplainedError? Explain(Exception exception) => exception switch
    {
        CliException cli => Of(cli.Type, cli.Message),
        WorkflowUpdateRpcTimeoutOrCanceledException => Of(NoWorker, "No worker answered in time."),
        BackupException backup => Of(BackupFailures.TypeOf(backup), backup.Message),
        ObjectStoreException store => Of(ErrorTypes.Unavailable, store.Message),
        OpenRunsException runs => Of(OtherVersion, runs.Message),
        WorkerOptionsException worker => Of(ErrorTypes.InvalidInput, worker.Message),
        EstateInitException init => Of(ErrorTypes.InvalidInput, init.Message),
        EstateInvalidException estate => Of(ErrorTypes.InvalidInput, estate.Message),
        OperationCanceledException => Of(Interrupted, "Interrupted."),
        RpcException rpc => Rpc(rpc),
        WorkflowQueryRejectedException rejected => Of(ErrorTypes.Conflict, rejected.Message),
        WorkflowQueryFailedException query => Of(ErrorTypes.NotFound, "This workflow has no state to show: " + query.Message),
        WorkflowAlreadyStartedException started => Of(ErrorTypes.Locked, $"A run with the id {started.WorkflowId} is open already."),
        TemporalException temporal => Failure(temporal),
        IOException or UnauthorizedAccessException => Of(ErrorTypes.Unavailable, exception.Message),
        _ => null,
    };

    private static ExplainedError? Failure(TemporalException exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (at is ApplicationFailureException application)
            {
                return Of(application.ErrorType ?? ErrorTypes.Unavailable, application.Message);
            }

            if (at is CanceledFailureException or TerminatedFailureException)
            {
                return new ExplainedError("Ended", at.Message, "Somebody ended the workflow from outside: virtengine-dr status RUN", ExitCodes.Failed);
            }
        }

        return new ExplainedError(exception.GetType().Name, exception.Message, "See the run: virtengine-dr status RUN", ExitCodes.Failed);
    }

    /// <summary>A call's own time limit passed. The client's library says that as a cancellation with these words, and nobody has interrupted anything.</summary>
    public static bool IsTimeout(RpcException rpc)
    {
        ArgumentNullException.ThrowIfNull(rpc);
        return rpc.Code == Code.DeadlineExceeded || (rpc.Code == Code.Cancelled && rpc.Message.Contains("Timeout expired", StringComparison.OrdinalIgnoreCase));
    }

    private static ExplainedError? Rpc(RpcException rpc) => rpc.Code switch
    {
        Code.NotFound => Of(ErrorTypes.NotFound, "The server knows no such workflow: " + rpc.Message),
        Code.Unavailable => Of(ServerUnreachable, "The Temporal server does not answer: " + rpc.Message),
        Code.DeadlineExceeded or Code.FailedPrecondition => Of(NoWorker, "No worker answered: " + rpc.Message),
        Code.Cancelled when IsTimeout(rpc) => Of(NoWorker, "No worker answered in time."),
        Code.Cancelled => Of(Interrupted, "Interrupted."),
        Code.Unauthenticated or Code.PermissionDenied => Of(
            ErrorTypes.Forbidden, "The Temporal server refuses these credentials (--api-key, --tls-cert, --namespace): " + rpc.Message),
        Code.InvalidArgument => Of(ErrorTypes.InvalidInput, rpc.Message),
        Code.ResourceExhausted => Of(ErrorTypes.Unavailable, rpc.Message),
        _ => Of(ErrorTypes.Unavailable, $"{rpc.Code}: {rpc.Message}"),
    };

    private static ExplainedError Of(string type, string message)
    {
        var row = Rows.FirstOrDefault(row => row.Type == type) ?? new ErrorRow(type, ExitCodes.Failed, "See the run: virtengine-dr status RUN");
        return new ExplainedError(type, message, row.Advice, row.ExitCode);
    }
}
