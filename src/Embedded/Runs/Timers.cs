namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Timers of workflows.</summary>
internal static class Timers
{
    public static void Start(Turn turn, Run run, long completedId, Command command)
    {
        var c = command.StartTimerCommandAttributes;
        var e = Histories.New(turn, EventType.TimerStarted);
        e.UserMetadata = command.UserMetadata;
        e.TimerStartedEventAttributes = new()
        {
            TimerId = c.TimerId,
            StartToFireTimeout = c.StartToFireTimeout,
            WorkflowTaskCompletedEventId = completedId,
        };
        Histories.Append(turn, run, e);
    }

    public static void Apply(RunState state, HistoryEvent e)
    {
        var a = e.TimerStartedEventAttributes;
        state.Timers[a.TimerId] = new TimerState(e.EventId, e.EventTime.ToDateTime().After(a.StartToFireTimeout.Span()) ?? e.EventTime.ToDateTime());
    }

    public static void Fire(Turn turn, Run run, string timerId)
    {
        var e = Histories.New(turn, EventType.TimerFired);
        e.TimerFiredEventAttributes = new() { TimerId = timerId, StartedEventId = run.State.Timers[timerId].StartedEventId };
        Histories.FromOutside(turn, run, e);
    }

    public static void Cancel(Turn turn, Run run, long completedId, string timerId, string identity)
    {
        var e = Histories.New(turn, EventType.TimerCanceled);
        e.TimerCanceledEventAttributes = new() { TimerId = timerId, WorkflowTaskCompletedEventId = completedId, Identity = identity };
        if (run.State.Timers.TryGetValue(timerId, out var timer))
        {
            e.TimerCanceledEventAttributes.StartedEventId = timer.StartedEventId;
        }
        else
        {
            // It fired while the worker decided to cancel it: the worker's word stands, and the firing is taken back.
            var fired = run.State.Buffered.First(b => b.TimerFiredEventAttributes?.TimerId == timerId);
            run.State.Buffered.Remove(fired);
            e.TimerCanceledEventAttributes.StartedEventId = fired.TimerFiredEventAttributes.StartedEventId;
        }

        Histories.Append(turn, run, e);
    }

    /// <summary>Whether a workflow may cancel a timer: it runs, or has fired unseen.</summary>
    public static bool CanCancel(RunState state, string timerId) =>
        state.Timers.ContainsKey(timerId) || state.Buffered.Any(b => b.TimerFiredEventAttributes?.TimerId == timerId);
}
