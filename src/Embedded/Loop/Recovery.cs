namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Takes up what was there before a restart: the tasks lie on their queues again, and time goes on.</summary>
internal static class Recovery
{
    public static void Resume(Turn turn)
    {
        foreach (var run in turn.State.Runs.InMemory.Where(r => r.State.IsOpen).OrderBy(r => r.State.Number).ToArray())
        {
            if (run.State.Task is { IsStarted: false })
            {
                WorkflowTasks.Enqueue(turn, run);
            }

            foreach (var activity in run.State.Activities.Values.Where(a => a is { Queued: true, Started: null }))
            {
                Activities.Enqueue(turn, run, activity);
            }

            if (turn.State.Faults.IsSeeded)
            {
                // What waits in virtual time heartbeats; it tells so again when everybody is still.
                foreach (var activity in run.State.Activities.Values.Where(a => a.Started is not null))
                {
                    activity.LastHeartbeat = turn.Now;
                }
            }

            turn.State.Wakeups.Set(run);
        }

        foreach (var schedule in turn.State.Schedules.All.ToArray())
        {
            Schedules.ScheduleRunner.Advance(turn, schedule);
        }
    }
}
