namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// Under virtual time: sees when nobody has anything to do, and then lets the next thing happen: an activity's wait is over, an answer that was kept back comes,
/// a test goes on, or the clock jumps to the next deadline.
/// </summary>
internal sealed class Stillness(EngineState state, EngineClock clock, VirtualTime time)
{
    /// <summary>A retry that the worker does not answer: the SDK stays silent about a task that fails again, and only time goes on.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(2);

    /// <summary>Lets the next thing happen; true when the loop shall look again at once.</summary>
    public bool Move(Action<Action<Turn>> step)
    {
        if (time.IsHeld || !IsStill() || Wake(step))
        {
            return false;
        }

        if (state.Faults.NextAnswer() is { } answer)
        {
            step(answer);
            return true;
        }

        return !time.Pauses.IsHeld && Jump();
    }

    private bool Jump()
    {
        var deadline = Earlier(state.Wakeups.NextThatHolds(), time.Parks.Next is { } park && park < DateTime.MaxValue ? park : null);
        if (time.Pauses.IsAsked)
        {
            var stop = time.Pauses.Next();
            if (stop is not null && (deadline is null || stop <= deadline))
            {
                Reach(stop.Value);
                time.Pauses.Begin(isOver: false);
                return false;
            }

            if (deadline is null)
            {
                time.Pauses.Begin(isOver: true);
                return false;
            }
        }
        else if (!IsListenedTo())
        {
            return false;
        }

        if (deadline is not { } next || next <= clock.Now)
        {
            return false;
        }

        Reach(next);
        return true;
    }

    // The clock is read in microseconds: it must not stand just before the deadline.
    private void Reach(DateTime at) => time.JumpTo(at.AddTicks((10 - (at.Ticks % 10)) % 10));

    /// <summary>Wakes an activity whose wait is over, one at a time; what waits on is alive.</summary>
    private bool Wake(Action<Action<Turn>> step)
    {
        foreach (string token in time.Parks.Tokens.Order(StringComparer.Ordinal))
        {
            var t = TaskToken.Read(ByteString.CopyFromUtf8(token), TaskToken.ActivityTask);
            var run = state.Runs.ByRunId(t.RunId);
            var activity = run is { State.IsOpen: true } && run.State.Activities.TryGetValue(t.ScheduledEventId, out var found) && found.Attempt == t.Attempt
                && found.Started is not null ? found : null;
            var (silent, stubborn) = state.Faults.OnPark(t);
            var wake = time.Parks.IsDue(token, clock.Now, time.RunsClosed) ? VirtualWake.TimeOver
                : silent && stubborn ? null
                : activity is null ? VirtualWake.Gone : activity.CancelRequested ? VirtualWake.Cancelled : (VirtualWake?)null;
            if (wake is not null)
            {
                if (activity is not null)
                {
                    step(turn =>
                    {
                        activity.IsParked = false;
                        activity.LastHeartbeat = silent ? activity.LastHeartbeat : turn.Now;
                        turn.Touch(run!);
                    });
                }

                state.Faults.Ledger.Resume(token);
                time.Parks.Wake(token, wake.Value, clock.Now);
                return true;
            }

            if (activity is { IsParked: false } && !silent)
            {
                step(turn =>
                {
                    activity.IsParked = true;
                    turn.Touch(run!);
                });
            }
        }

        return false;
    }

    private bool IsStill()
    {
        if (state.Faults.IsSeeded)
        {
            return !state.Faults.Ledger.AnyWorkflowTask() && !state.Faults.Ledger.AnyActivity() && !SeededMatcher.AnyWaiting(state, clock.Now)
                && !state.Runs.InMemory.Any(r => r.Queries.Any(q => q.Sent && !q.Done));
        }

        var real = DateTime.UtcNow;
        foreach (var run in state.Runs.InMemory.Where(r => r.State.IsOpen))
        {
            if (run.State.Task is { IsStarted: true } task && (task.Attempt == 1 || real - run.TaskHandedOut < SilentAfter))
            {
                return false;
            }

            if (run.State.Activities.Values.Any(a => a.Started is not null && !time.Parks.Contains(Token(run, a))) || run.Queries.Any(q => q.Sent && !q.Done))
            {
                return false;
            }
        }

        return !state.Queues.All.Any(q => q.Tasks.Any(t => Matcher.Holds(clock.Now, q.Key.Type, t)));
    }

    private bool IsListenedTo() => state.Runs.InMemory.Any(r => r.HistoryWaiters.Any(w => !w.Reply.Decided) || r.UpdateWaiters.Any(w => !w.Reply.Decided));

    private static string Token(Run run, ActivityState activity) =>
        new TaskToken(TaskToken.ActivityTask, run.State.RunId, activity.ScheduledEventId, 0, activity.Attempt, "").Wire().ToStringUtf8();

    private static DateTime? Earlier(DateTime? a, DateTime? b) => a is null || b < a ? b ?? a : a;
}
