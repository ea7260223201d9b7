namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How events come into a history: at once with an id, or buffered while a workflow task is at work.</summary>
internal static class Histories
{
    public static HistoryEvent New(Turn turn, EventType type) => new() { EventTime = turn.Stamp, EventType = type };

    /// <summary>Writes an event at once.</summary>
    public static HistoryEvent Append(Turn turn, Run run, HistoryEvent e)
    {
        if (run.State.Task is { Kind: WorkflowTaskKind.Speculative, IsStarted: false } && e.EventType != EventType.WorkflowTaskScheduled)
        {
            // The task was made for an update alone; now there is more to tell, so it becomes one that stays.
            WorkflowTasks.WriteScheduled(turn, run);
        }

        turn.Touch(run);
        Number(run, e);
        turn.State.Planted(e);
        EventStates.Apply(run.State, e);
        return e;
    }

    /// <summary>Takes events that the outside caused, and sees to it that a worker hears of them.</summary>
    public static void FromOutside(Turn turn, Run run, params ReadOnlySpan<HistoryEvent> events)
    {
        if (Limits.Ended(turn, run))
        {
            return;
        }

        var starts = new Dictionary<long, long>();
        foreach (var e in events)
        {
            if (run.TaskStarted)
            {
                turn.Touch(run);
                EventStates.Apply(run.State, e);
                run.State.Buffered.Add(e);
            }
            else
            {
                Append(turn, run, e);
                EventLinks.Connect(run.State, e, starts);
            }
        }

        WorkflowTasks.Schedule(turn, run);
    }

    /// <summary>Gives the buffered events their ids; true when there were any.</summary>
    public static bool Flush(Turn turn, Run run)
    {
        var state = run.State;
        if (state.Buffered.Count == 0)
        {
            return false;
        }

        var starts = new Dictionary<long, long>();
        foreach (var e in state.Buffered)
        {
            Number(run, e);
            EventLinks.Connect(state, e, starts);
        }

        state.Buffered.Clear();
        turn.Touch(run);
        return true;
    }

    private static void Number(Run run, HistoryEvent e)
    {
        var state = run.State;
        e.EventId = state.NextEventId++;
        e.TaskId = 1_048_576 + e.EventId;
        state.HistoryBytes += e.CalculateSize();
        run.History.Add(e);
    }
}
