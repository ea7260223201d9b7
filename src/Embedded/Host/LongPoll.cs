namespace VirtEngine.DR.Embedded.Host;

/// <summary>Calls that wait: as long as the caller allows, and no longer than Temporal would.</summary>
internal static class LongPoll
{
    /// <summary>Asks, and when the time is over or the caller has gone, lets <paramref name="expire"/> decide the answer.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="call">The call.</param>
    /// <param name="longest">How long Temporal would wait.</param>
    /// <param name="ask">The question.</param>
    /// <param name="expire">The answer when the time is over.</param>
    /// <param name="early">
    /// Whether a caller whose own time ends sooner hears <paramref name="expire"/> just before. A poll does, and asks again later; a caller who asks again at once would never learn that its time is over.
    /// </param>
    public static async Task<T> AskAsync<T>(
        EngineLoop loop, ServerCallContext call, TimeSpan longest, Action<Turn, Reply<T>> ask, Action<Turn, Reply<T>> expire, bool early = true)
    {
        var reply = new Reply<T>();
        if (!loop.Post(turn => Guarded.Run(turn, reply, ask)))
        {
            throw loop.Stopped();
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, loop.Ended);
        over.CancelAfter(early ? Wait(call, longest) : longest);
        await using var registration = over.Token.Register(() =>
        {
            if (!loop.Post(turn =>
            {
                if (!reply.Decided)
                {
                    Guarded.Run(turn, reply, expire);
                }
            }))
            {
                reply.Abandon(loop.Stopped());
                reply.Release();
            }
        }).ConfigureAwait(false);
        return await reply.Task.ConfigureAwait(false);
    }

    private static TimeSpan Wait(ServerCallContext call, TimeSpan longest)
    {
        if (call.Deadline == DateTime.MaxValue)
        {
            return longest;
        }

        var left = call.Deadline - DateTime.UtcNow;
        var wait = left > TimeSpan.FromSeconds(4) ? left - TimeSpan.FromSeconds(1) : left * 0.75;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < longest ? wait : longest;
    }
}
