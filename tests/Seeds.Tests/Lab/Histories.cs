using Temporalio.Client;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>Histories as lines: what must be the same under the same seed.</summary>
public static class Histories
{
    /// <summary>Number, type, time since the beginning, and the ids that the event is about.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(ITemporalClient client, Ended run, DateTime began)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(run);
        var history = await client.GetWorkflowHandle(run.WorkflowId, run.RunId).FetchHistoryAsync();
        return [$"{run.WorkflowId} {run.RunId}", .. history.Events.Select(e => FormattableString.Invariant($"{e.EventId} {e.EventType} {e.EventTime.ToDateTime() - began} {About(e)}").TrimEnd())];
    }

    private static string About(Temporalio.Api.History.V1.HistoryEvent e) =>
        e.ActivityTaskScheduledEventAttributes is { } scheduled ? $"{scheduled.ActivityType.Name} {scheduled.ActivityId}"
        : e.ActivityTaskStartedEventAttributes is { } started ? FormattableString.Invariant($"of {started.ScheduledEventId}, attempt {started.Attempt}")
        : e.WorkflowExecutionSignaledEventAttributes is { } signaled ? signaled.SignalName
        : e.TimerStartedEventAttributes is { } timer ? timer.TimerId
        : e.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted ? accepted.AcceptedRequest.Input.Name + " " + accepted.ProtocolInstanceId
        : e.ChildWorkflowExecutionStartedEventAttributes is { } child ? $"{child.WorkflowExecution.WorkflowId} {child.WorkflowExecution.RunId}"
        : e.WorkflowTaskStartedEventAttributes is { } task ? FormattableString.Invariant($"of {task.ScheduledEventId}")
        : "";
}
