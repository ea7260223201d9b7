namespace VirtEngine.DR.Embedded.Queues;

/// <summary>What happens when a worker with a cache goes.</summary>
internal static class StickyQueues
{
    /// <summary>The queue has no worker any more: runs forget it, and waiting tasks go to the runs' own queues.</summary>
    public static void Lose(Turn turn, string ns, string name)
    {
        var queue = turn.State.Queues.Get(new QueueKey(ns, name, TaskQueueType.Workflow));
        queue.LastPoll = null;
        foreach (var run in turn.State.Runs.InMemory.Where(r => r.State.Sticky?.Queue == name && r.State.Namespace == ns).OrderBy(r => r.State.Number).ToArray())
        {
            run.State.Sticky = null;
            if (run.State.Task is { IsStarted: false } task && task.Queue == name)
            {
                // As Temporal does when it finds no worker there: the task simply waits elsewhere.
                task.Queue = run.State.TaskQueue;
                task.Sticky = false;
                task.ScheduleToStart = null;
                WorkflowTasks.Enqueue(turn, run);
            }

            turn.Touch(run);
        }

        foreach (var queued in queue.Tasks.Where(t => t.Query is { Done: false, Sent: false }).ToArray())
        {
            queue.Tasks.Remove(queued);
            Queries.Enqueue(turn, queued.Run, queued.Query!, queued.Run.State.TaskQueue);
        }
    }
}
