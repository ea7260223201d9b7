namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Tells those who wait for a run's next events.</summary>
internal static class Listeners
{
    public static void Tell(Turn turn)
    {
        foreach (var run in turn.Batch.Touched)
        {
            for (int i = run.HistoryWaiters.Count - 1; i >= 0; i--)
            {
                var waiter = run.HistoryWaiters[i];
                if (waiter.Reply.Decided)
                {
                    run.HistoryWaiters.RemoveAt(i);
                }
                else if (HistoryReads.Ready(run, waiter))
                {
                    run.HistoryWaiters.RemoveAt(i);
                    turn.Answer(waiter.Reply, HistoryReads.Page(run, waiter.From, waiter.CloseOnly, waiter.PageSize, wait: true));
                }
            }
        }
    }
}
