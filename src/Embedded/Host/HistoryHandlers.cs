namespace VirtEngine.DR.Embedded.Host;

/// <summary>Histories, in pages and as they grow.</summary>
internal static class HistoryHandlers
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static void Register(Rpc rpc)
    {
        rpc.Add<GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse>((request, call) => LongPoll.AskAsync<GetWorkflowExecutionHistoryResponse>(
            rpc.Loop, call, LongestWait,
            (turn, reply) => Read(turn, request, reply),
            (turn, reply) =>
            {
                var (run, from, _, _) = Place(turn, request);
                turn.Answer(reply, new GetWorkflowExecutionHistoryResponse
                {
                    History = new History(),
                    NextPageToken = run.State.IsOpen || run.History.Count >= from ? HistoryPages.Token(run.State.RunId, from, 0, null) : ByteString.Empty,
                });
            }));
        rpc.Ask<GetWorkflowExecutionHistoryReverseRequest, GetWorkflowExecutionHistoryReverseResponse>(Reverse);
    }

    private static void Read(Turn turn, GetWorkflowExecutionHistoryRequest request, Reply<GetWorkflowExecutionHistoryResponse> reply)
    {
        var (run, from, upTo, tail) = Place(turn, request);
        int size = request.MaximumPageSize is > 0 and < HistoryPages.DefaultSize ? request.MaximumPageSize : HistoryPages.DefaultSize;
        if (upTo > 0)
        {
            // A worker reads the rest of what its task stands on, and not more.
            var answer = new GetWorkflowExecutionHistoryResponse { History = new History() };
            long next = HistoryPages.Copy(run, answer.History, from, upTo, size);
            if (next <= upTo)
            {
                answer.NextPageToken = HistoryPages.Token(run.State.RunId, next, upTo, tail);
            }
            else if (tail is not null)
            {
                answer.History.Events.Add(tail.Events);
            }

            turn.Answer(reply, answer);
            return;
        }

        bool closeOnly = request.HistoryEventFilterType == HistoryEventFilterType.CloseEvent;
        var waiter = new HistoryWaiter(reply, from, closeOnly, size);
        if (request.WaitNewEvent && !HistoryReads.Ready(run, waiter))
        {
            run.HistoryWaiters.Add(waiter);
            return;
        }

        turn.Answer(reply, HistoryReads.Page(run, from, closeOnly, size, request.WaitNewEvent));
    }

    private static (Run Run, long From, long UpTo, History? Tail) Place(Turn turn, GetWorkflowExecutionHistoryRequest request)
    {
        turn.State.Namespace(request.Namespace);
        if (request.NextPageToken.Length == 0)
        {
            return (turn.State.Runs.Get(request.Namespace, request.Execution), 1, 0, null);
        }

        var (runId, next, upTo, tail) = HistoryPages.Read(request.NextPageToken);
        return (turn.State.Runs.ByRunId(runId) ?? throw Errors.NotFound("workflow execution not found"), next, upTo, tail);
    }

    private static GetWorkflowExecutionHistoryReverseResponse Reverse(Turn turn, GetWorkflowExecutionHistoryReverseRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var run = turn.State.Runs.Get(request.Namespace, request.Execution);
        long last = request.NextPageToken.Length == 0 ? run.History.Count : HistoryPages.Read(request.NextPageToken).Next;
        int size = request.MaximumPageSize is > 0 and < HistoryPages.DefaultSize ? request.MaximumPageSize : HistoryPages.DefaultSize;
        var answer = new GetWorkflowExecutionHistoryReverseResponse { History = new History() };
        for (; last > 0 && answer.History.Events.Count < size; last--)
        {
            answer.History.Events.Add(run.History[(int)last - 1]);
        }

        if (last > 0)
        {
            answer.NextPageToken = HistoryPages.Token(run.State.RunId, last, 0, null);
        }

        return answer;
    }
}
