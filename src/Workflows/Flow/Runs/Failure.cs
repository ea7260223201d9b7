using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A failed call as the journal and the operator see it.</summary>
/// <param name="Type">One of <see cref="ErrorTypes"/>, or what Temporal calls it.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Permanent">The adapter said that the same call will fail again.</param>
public sealed record Failure(string Type, string Message, string Advice, bool Permanent)
{
    /// <summary>The type of the fact that nobody polls a node's queue.</summary>
    public const string NodeWorkerAbsent = "NodeWorkerAbsent";

    /// <summary>Reads a failure; the innermost cause that means something to a person counts.</summary>
    public static Failure From(FailureException exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case TimeoutFailureException { TimeoutType: TimeoutType.ScheduleToStart }:
                    return new(
                        NodeWorkerAbsent, "Node worker absent: nobody took the call from the node's queue.",
                        "Start the worker on the node's own host (virtengine-dr worker --role node), then retry.", false);
                case TimeoutFailureException timeout:
                    return new(
                        "Timeout", FormattableString.Invariant($"No answer in time ({timeout.TimeoutType}); whether it acted is unknown."),
                        "Look at the node's worker, then retry: the retry observes first and fences the old attempt.", false);
                case ApplicationFailureException application:
                    var type = application.ErrorType ?? "Error";
                    return new(type, application.Message, Advise(type), application.NonRetryable);
                case CanceledFailureException:
                    return new("Canceled", "The call was cancelled.", "Retry, or abort.", false);
            }
        }

        return new("Error", exception.Message, "Read the worker's log, then retry or abort.", false);
    }

    private static string Advise(string type) => type switch
    {
        ErrorTypes.NoSpace => "Free disk space on the node's host, then retry; nothing was changed.",
        ErrorTypes.Unavailable => "Wait until the other side answers, then retry.",
        ErrorTypes.Deadline => "Look at the last report; retry gives it the same time again, abort goes back.",
        ErrorTypes.Untrusted => "Do not use this backup. Abort, and choose another one (an older one needs an approval).",
        ErrorTypes.Conflict => "The world changed meanwhile; retry observes it again.",
        ErrorTypes.Fenced => "A newer attempt owns the target; retry takes a higher number.",
        ErrorTypes.Forbidden => "A safety rule forbids this; skip it where that is allowed, or abort.",
        ErrorTypes.NotConfigured => "Configure it, or skip the step where that is allowed.",
        _ => "Put the cause right, then retry; or abort.",
    };
}
