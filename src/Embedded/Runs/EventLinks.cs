namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Buffered events have no ids, so those that point at each other are connected when they get them.</summary>
internal static class EventLinks
{
    /// <summary>Connects one event; <paramref name="starts"/> remembers the Started events of this flush by what they belong to.</summary>
    public static void Connect(RunState state, HistoryEvent e, Dictionary<long, long> starts)
    {
        switch (e.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.ActivityTaskStartedEventAttributes:
                starts[e.ActivityTaskStartedEventAttributes.ScheduledEventId] = e.EventId;
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCompletedEventAttributes:
                var completed = e.ActivityTaskCompletedEventAttributes;
                completed.StartedEventId = Started(starts, completed.ScheduledEventId, completed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskFailedEventAttributes:
                var failed = e.ActivityTaskFailedEventAttributes;
                failed.StartedEventId = Started(starts, failed.ScheduledEventId, failed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskTimedOutEventAttributes:
                var timedOut = e.ActivityTaskTimedOutEventAttributes;
                timedOut.StartedEventId = Started(starts, timedOut.ScheduledEventId, timedOut.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCanceledEventAttributes:
                var canceled = e.ActivityTaskCanceledEventAttributes;
                canceled.StartedEventId = Started(starts, canceled.ScheduledEventId, canceled.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionStartedEventAttributes:
                long initiated = e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId;
                starts[initiated] = e.EventId;
                if (state.Children.TryGetValue(initiated, out var child))
                {
                    child.StartedEventId = e.EventId;
                }

                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCompletedEventAttributes:
                var childDone = e.ChildWorkflowExecutionCompletedEventAttributes;
                childDone.StartedEventId = Started(starts, childDone.InitiatedEventId, childDone.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionFailedEventAttributes:
                var childFailed = e.ChildWorkflowExecutionFailedEventAttributes;
                childFailed.StartedEventId = Started(starts, childFailed.InitiatedEventId, childFailed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCanceledEventAttributes:
                var childCanceled = e.ChildWorkflowExecutionCanceledEventAttributes;
                childCanceled.StartedEventId = Started(starts, childCanceled.InitiatedEventId, childCanceled.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTimedOutEventAttributes:
                var childTimedOut = e.ChildWorkflowExecutionTimedOutEventAttributes;
                childTimedOut.StartedEventId = Started(starts, childTimedOut.InitiatedEventId, childTimedOut.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTerminatedEventAttributes:
                var childTerminated = e.ChildWorkflowExecutionTerminatedEventAttributes;
                childTerminated.StartedEventId = Started(starts, childTerminated.InitiatedEventId, childTerminated.StartedEventId);
                break;
        }
    }

    private static long Started(Dictionary<long, long> starts, long of, long known) => known > 0 ? known : starts.GetValueOrDefault(of);
}
