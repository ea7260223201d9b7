using Temporalio.Api.Query.V1;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Queries: with the next workflow task where there is one, else as a task of their own.</summary>
internal static class Queries
{
    public static void Ask(Turn turn, Run run, PendingQuery query, QueryRejectCondition reject)
    {
        var state = run.State;
        bool refused = reject switch
        {
            QueryRejectCondition.NotOpen => !state.IsOpen,
            QueryRejectCondition.NotCompletedCleanly => !state.IsOpen && state.Status is not (WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew),
            _ => false,
        };
        if (refused)
        {
            turn.Answer(query.Reply, new QueryWorkflowResponse { QueryRejected = new QueryRejected { Status = state.Status } });
            return;
        }

        if (!state.FirstTaskDone && !state.IsOpen)
        {
            turn.Refuse(query.Reply, Errors.NotReady("workflow was closed before its first workflow task was completed"));
            return;
        }

        run.Queries.Add(query);
        Dispatch(turn, run);
    }

    /// <summary>Sends what waits: nothing while a workflow task does or will carry it.</summary>
    public static void Dispatch(Turn turn, Run run)
    {
        run.Queries.RemoveAll(q => q.Done);
        var state = run.State;
        if (state.IsOpen && (state.Task is not null || !state.FirstTaskDone))
        {
            return;
        }

        foreach (var query in run.Queries.Where(q => !q.Sent && !q.Direct))
        {
            query.Direct = true;
            bool sticky = state.Sticky is not null && turn.State.Queues.HasWorker(new(state.Namespace, state.Sticky.Queue, TaskQueueType.Workflow));
            Enqueue(turn, run, query, sticky ? state.Sticky!.Queue : state.TaskQueue);
        }
    }

    public static void Enqueue(Turn turn, Run run, PendingQuery query, string queue) => turn.State.Queues.Add(
        new QueueKey(run.State.Namespace, queue, TaskQueueType.Workflow),
        new QueuedTask(run, 0, 0, query, turn.Now) { Queue = queue });

    /// <summary>The worker that should know the run does not answer: any worker of the run's own queue may.</summary>
    public static void FallBack(Turn turn, Run? run, PendingQuery? query)
    {
        if (run is not null && query is { Done: false, Direct: true })
        {
            query.Sent = false;
            Enqueue(turn, run, query, run.State.TaskQueue);
        }
    }

    /// <summary>Lays the waiting queries into a workflow task.</summary>
    public static void Attach(Run run, PollWorkflowTaskQueueResponse answer)
    {
        run.Queries.RemoveAll(q => q.Done);
        foreach (var query in run.Queries.Where(q => !q.Direct))
        {
            query.Sent = true;
            answer.Queries.Add(query.Id, query.Query);
        }
    }

    /// <summary>The workflow task that carried them came to nothing.</summary>
    public static void SendAgain(Run run)
    {
        foreach (var query in run.Queries.Where(q => !q.Direct))
        {
            query.Sent = false;
        }
    }

    /// <summary>Takes the answers that came with a workflow task.</summary>
    public static void TakeResults(Turn turn, Run run, IEnumerable<KeyValuePair<string, WorkflowQueryResult>> results)
    {
        foreach (var (id, result) in results)
        {
            if (run.Queries.Find(q => q.Id == id) is { Done: false } query)
            {
                Answer(turn, run, query, result.ResultType, result.Answer, result.ErrorMessage, result.Failure);
            }
        }
    }

    public static void Answer(Turn turn, Run run, PendingQuery query, QueryResultType type, Payloads? answer, string message, Failure? failure)
    {
        if (type == QueryResultType.Answered && Limits.Exceeds(answer))
        {
            turn.Refuse(query.Reply, Errors.QueryFailed("Blob data size exceeds limit.", null));
        }
        else if (type == QueryResultType.Answered)
        {
            turn.Answer(query.Reply, new QueryWorkflowResponse { QueryResult = answer });
        }
        else
        {
            turn.Refuse(query.Reply, Errors.QueryFailed(message, failure));
        }

        run.Queries.Remove(query);
    }
}
