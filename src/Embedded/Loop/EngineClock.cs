namespace VirtEngine.DR.Embedded.Loop;

/// <summary>The engine's time: the machine's, or a virtual one that jumps when nobody has anything to do.</summary>
internal sealed class EngineClock(TimeProvider provider)
{
    /// <summary>A retry that the worker does not answer: the SDK stays silent about a task that fails again, and only time goes on.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(2);
    private readonly TimeProvider _time = provider;

    private VirtualTime? Virtual => _time as VirtualTime;

    /// <summary>Now (UTC), in whole microseconds, which every form of it can carry.</summary>
    public DateTime Now
    {
        get
        {
            var now = _time.GetUtcNow().UtcDateTime;
            return new DateTime(now.Ticks - (now.Ticks % 10), DateTimeKind.Utc);
        }
    }

    public bool IsVirtual => Virtual is not null;

    /// <summary>Jumps to the next deadline where time is virtual and everybody waits for it.</summary>
    public void Advance(EngineState state)
    {
        if (Virtual is { IsHeld: false } time && state.Wakeups.NextThatHolds() is { } next && next > Now && Waits(state))
        {
            // The clock is read in microseconds: it must not stand just before the deadline.
            time.JumpTo(next.AddTicks((10 - (next.Ticks % 10)) % 10));
        }
    }

    private bool Waits(EngineState state)
    {
        bool listened = false;
        var real = DateTime.UtcNow;
        foreach (var run in state.Runs.InMemory)
        {
            listened |= run.HistoryWaiters.Any(w => !w.Reply.Decided) || run.UpdateWaiters.Any(w => !w.Reply.Decided);
            if (!run.State.IsOpen)
            {
                continue;
            }

            if (run.State.Task is { IsStarted: true } task && run.LostTask != task.StartedEventId && (task.Attempt == 1 || real - run.TaskHandedOut < SilentAfter))
            {
                return false;
            }

            if (run.State.Activities.Values.Any(a => a.Started is not null && run.LostActivities.GetValueOrDefault(a.ScheduledEventId) != a.Attempt)
                || run.Queries.Any(q => q.Sent && !q.Done))
            {
                return false;
            }
        }

        return listened && !state.Queues.All.Any(q => q.Tasks.Any(t => q.Key.Type == TaskQueueType.Activity
            ? Activities.Holds(t, Now) : t.Query is { } query ? query is { Done: false, Sent: false } : WorkflowTasks.Holds(t)));
    }
}
