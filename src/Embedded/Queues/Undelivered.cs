namespace VirtEngine.DR.Embedded.Queues;

/// <summary>Tasks whose caller had gone before they left: nobody works on them, so they are given to somebody else at once.</summary>
internal static class Undelivered
{
    /// <summary>A workflow task counts as timed out; a query is simply asked again.</summary>
    public static void WorkflowTask(Turn turn, ByteString token)
    {
        if (token.Span[0] == TaskToken.QueryTask)
        {
            var asked = TaskToken.Read(token, TaskToken.QueryTask);
            var queried = turn.State.Runs.ByRunId(asked.RunId);
            Queries.FallBack(turn, queried, queried?.Queries.Find(q => q.Id == asked.Query));
            return;
        }

        turn.State.Faults.Ledger.Remove(token.ToStringUtf8());
        var t = TaskToken.Read(token, TaskToken.WorkflowTask);
        if (turn.State.Runs.ByRunId(t.RunId) is { State: { IsOpen: true, Task: { IsStarted: true } task } } run
            && task.StartedEventId == t.StartedEventId && task.Attempt == t.Attempt)
        {
            WorkflowTasks.TimeOut(turn, run);
            Queries.Dispatch(turn, run);
        }
    }

    /// <summary>An activity that was not delivered has not begun: it is the same attempt.</summary>
    public static void ActivityTask(Turn turn, ByteString token)
    {
        turn.State.Faults.Ledger.Remove(token.ToStringUtf8());
        var t = TaskToken.Read(token, TaskToken.ActivityTask);
        if (turn.State.Runs.ByRunId(t.RunId) is { State.IsOpen: true } run && run.State.Activities.TryGetValue(t.ScheduledEventId, out var activity)
            && activity.Started is not null && activity.Attempt == t.Attempt)
        {
            activity.Started = null;
            activity.Queued = true;
            turn.Touch(run);
            Activities.Enqueue(turn, run, activity);
        }
    }
}
