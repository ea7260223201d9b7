namespace VirtEngine.DR.Embedded.Loop;

/// <summary>
/// What of a state in memory outlives it when the state is read from the file again. Workers that wait go on waiting, and so do clients that wait for events;
/// who waits for an update or a query asks again, since what waits belongs to the old state.
/// </summary>
internal static class Rollback
{
    public static RpcException AskAgain() =>
        new(new Status(StatusCode.Unavailable, "the engine dropped what it was doing because another request broke it; nothing of this was done: ask again"));

    /// <summary>Takes over who waits.</summary>
    public static void CarryOver(EngineState old, EngineState fresh)
    {
        foreach (var queue in old.Queues.All)
        {
            fresh.Queues.Get(queue.Key).TakeWorkers(queue);
        }

        foreach (var run in old.Runs.InMemory)
        {
            foreach (var reply in run.UpdateWaiters.Select(w => w.Reply).Concat(run.Queries.Select(q => q.Reply)).Where(r => !r.Decided))
            {
                reply.Replace(AskAgain());
                reply.Release();
            }

            var same = run.HistoryWaiters.Count > 0 ? fresh.Runs.ByRunId(run.State.RunId) : null;
            foreach (var waiter in run.HistoryWaiters.Where(w => !w.Reply.Decided))
            {
                if (same is not null)
                {
                    same.HistoryWaiters.Add(waiter);
                }
                else
                {
                    waiter.Reply.Replace(AskAgain());
                    waiter.Reply.Release();
                }
            }
        }
    }

    /// <summary>Nobody of the batch gets what was decided: the offender hears that it broke, the others the given error.</summary>
    public static void Refuse(Batch batch, Broken broken, RpcException others)
    {
        var own = new RpcException(new Status(StatusCode.Internal, $"the engine failed at this request and did nothing of it: {broken.Cause.Message}", broken.Cause));
        for (int i = 0; i < batch.Replies.Count; i++)
        {
            batch.Replies[i].Replace(i < broken.FirstReply ? others : own);
            batch.Replies[i].Release();
        }
    }
}
