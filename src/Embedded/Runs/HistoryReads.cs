namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How histories are read, page by page, and how one waits for what comes.</summary>
internal static class HistoryReads
{
    /// <summary>Whether there is something for a client that waits.</summary>
    public static bool Ready(Run run, HistoryWaiter waiter) => !run.State.IsOpen || (!waiter.CloseOnly && run.History.Count >= waiter.From);

    public static GetWorkflowExecutionHistoryResponse Page(Run run, long from, bool closeOnly, int size, bool wait)
    {
        var answer = new GetWorkflowExecutionHistoryResponse { History = new History() };
        long last = run.History.Count;
        if (closeOnly)
        {
            if (run.State.IsOpen)
            {
                answer.NextPageToken = wait ? HistoryPages.Token(run.State.RunId, from, 0, null) : ByteString.Empty;
            }
            else
            {
                answer.History.Events.Add(run.History[^1]);
            }

            return answer;
        }

        long next = HistoryPages.Copy(run, answer.History, from, last, size);
        if (next <= last || (wait && run.State.IsOpen))
        {
            answer.NextPageToken = HistoryPages.Token(run.State.RunId, next, 0, null);
        }

        return answer;
    }
}
