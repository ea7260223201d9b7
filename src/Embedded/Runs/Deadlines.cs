namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Everything about a run that time brings. What is due is read from the state, so that a restart forgets nothing.</summary>
internal static class Deadlines
{
    /// <summary>When this run next needs attention; null when only others can move it.</summary>
    public static DateTime? Next(RunState state)
    {
        if (!state.IsOpen)
        {
            return null;
        }

        var next = Times.Earlier(state.BackoffUntil, state.RunExpires);
        if (state.Task is { } task)
        {
            next = Times.Earlier(next, task.IsStarted ? task.StartedTime + task.StartToClose : task.ScheduledTime.After(task.ScheduleToStart ?? TimeSpan.Zero));
        }

        foreach (var timer in state.Timers.Values)
        {
            next = Times.Earlier(next, timer.Due);
        }

        foreach (var activity in state.Activities.Values)
        {
            next = Times.Earlier(next, Of(activity).Due);
        }

        return next;
    }

    /// <summary>Does the one thing that is due first; true when there was one.</summary>
    public static bool Fire(Turn turn, Run run)
    {
        var state = run.State;
        if (Next(state) is not { } due || due > turn.Now)
        {
            return false;
        }

        if (state.RunExpires == due)
        {
            Closes.TimeOut(turn, run);
            return true;
        }

        if (state.BackoffUntil == due)
        {
            state.BackoffUntil = null;
            turn.Touch(run);
            WorkflowTasks.Schedule(turn, run);
            return true;
        }

        foreach (var activity in state.Activities.Values)
        {
            var (at, type) = Of(activity);
            if (at == due)
            {
                Fire(turn, run, activity, type);
                return true;
            }
        }

        var timer = state.Timers.Where(t => t.Value.Due == due).OrderBy(t => t.Value.StartedEventId).FirstOrDefault();
        if (timer.Key is not null)
        {
            Timers.Fire(turn, run, timer.Key);
            return true;
        }

        WorkflowTasks.TimeOut(turn, run);
        Queries.Dispatch(turn, run);
        return true;
    }

    private static void Fire(Turn turn, Run run, ActivityState activity, TimeoutType? type)
    {
        if (type is { } limit)
        {
            ActivityAnswers.TimeOut(turn, run, activity, limit);
            return;
        }

        activity.Queued = true;
        turn.Touch(run);
        Activities.Enqueue(turn, run, activity);
    }

    /// <summary>What happens to an activity first: a limit, or (null) the end of a retry's wait.</summary>
    private static (DateTime? Due, TimeoutType? Type) Of(ActivityState a)
    {
        (DateTime? Due, TimeoutType? Type) first = (a.FirstScheduled.After(a.ScheduleToClose), TimeoutType.ScheduleToClose);
        if (a.Started is { } started)
        {
            first = Earlier(first, started.After(a.StartToClose), TimeoutType.StartToClose);
            return a.IsParked ? first : Earlier(first, (a.LastHeartbeat ?? started).After(a.Heartbeat), TimeoutType.Heartbeat);
        }

        return a.Queued
            ? Earlier(first, a.Scheduled.After(a.ScheduleToStart), TimeoutType.ScheduleToStart)
            : Earlier(first, a.Scheduled, null);
    }

    private static (DateTime? Due, TimeoutType? Type) Earlier((DateTime? Due, TimeoutType? Type) first, DateTime? due, TimeoutType? type) =>
        due is not null && (first.Due is null || due < first.Due) ? (due, type) : first;
}
