namespace VirtEngine.DR.Embedded.Runs;

/// <summary>What a worker gets with a workflow task.</summary>
internal static class TaskDelivery
{
    /// <summary>The task that was just started: a sticky worker, or one that has just answered, gets what is new; another one everything.</summary>
    public static PollWorkflowTaskQueueResponse Response(Turn turn, Run run, bool onlyNew = false, bool whole = false)
    {
        var state = run.State;
        var task = state.Task!;
        var answer = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken(TaskToken.WorkflowTask, state.RunId, task.ScheduledEventId, task.StartedEventId, task.Attempt, "").Wire(),
            StartedEventId = task.StartedEventId,
            Attempt = task.Attempt,
            ScheduledTime = task.ScheduledTime.Wire(),
            StartedTime = task.StartedTime.Wire(),
        };
        Describe(answer, state);
        History? tail = null;
        if (!task.IsWritten)
        {
            tail = new History();
            tail.Events.Add(WorkflowTasks.ScheduledEvent(state, task));
            tail.Events.Add(WorkflowTasks.StartedEvent(task));
        }

        Fill(answer, run, onlyNew || (task.Sticky && !whole) ? state.LastStartedEventId + 1 : 1, tail);
        Queries.Attach(run, answer);
        Updates.Attach(turn, run, answer);
        return answer;
    }

    /// <summary>A query as a task of its own: nothing is started, nothing will be written.</summary>
    public static PollWorkflowTaskQueueResponse QueryResponse(Run run, PendingQuery query, bool sticky)
    {
        var state = run.State;
        var answer = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken(TaskToken.QueryTask, state.RunId, 0, 0, 0, query.Id).Wire(),
            Query = query.Query,
            Attempt = 1,
        };
        Describe(answer, state);
        Fill(answer, run, sticky ? state.LastStartedEventId + 1 : 1, null);
        return answer;
    }

    private static void Describe(PollWorkflowTaskQueueResponse answer, RunState state)
    {
        answer.WorkflowExecution = state.Execution;
        answer.WorkflowType = new WorkflowType { Name = state.WorkflowType };
        answer.WorkflowExecutionTaskQueue = new TaskQueue { Name = state.TaskQueue, Kind = TaskQueueKind.Normal };
        answer.PreviousStartedEventId = state.LastStartedEventId;
    }

    private static void Fill(PollWorkflowTaskQueueResponse answer, Run run, long from, History? tail)
    {
        long upTo = run.State.NextEventId - 1;
        answer.History = new History();
        long next = HistoryPages.Copy(run, answer.History, from, upTo, HistoryPages.DefaultSize);
        if (next <= upTo)
        {
            answer.NextPageToken = HistoryPages.Token(run.State.RunId, next, upTo, tail);
        }
        else if (tail is not null)
        {
            answer.History.Events.Add(tail.Events);
        }
    }
}
