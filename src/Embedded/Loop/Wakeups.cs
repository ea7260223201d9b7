namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Who needs attention when. Each run stands here with its earliest time; notes that no longer hold are passed over.</summary>
internal sealed class Wakeups
{
    private readonly PriorityQueue<(Run? Run, Func<Turn, bool>? Other), (DateTime Due, long Number)> _heap = new();

    /// <summary>The earliest time; null when nothing will happen by itself.</summary>
    public DateTime? Next => _heap.TryPeek(out _, out var at) ? at.Due : null;

    /// <summary>The earliest time that still holds; notes that do not are dropped.</summary>
    public DateTime? NextThatHolds()
    {
        while (_heap.TryPeek(out var entry, out var at))
        {
            if (entry.Run is null || entry.Run.WakeAt == at.Due)
            {
                return at.Due;
            }

            _heap.Dequeue();
        }

        return null;
    }

    /// <summary>Puts down when a run needs attention next.</summary>
    public void Set(Run run)
    {
        var next = Deadlines.Next(run.State);
        if (next != run.WakeAt)
        {
            run.WakeAt = next;
            if (next is { } due)
            {
                _heap.Enqueue((run, null), (due, run.State.Number));
            }
        }
    }

    /// <summary>Something other than a run, such as a schedule.</summary>
    public void Set(DateTime due, long number, Func<Turn, bool> fire) => _heap.Enqueue((null, fire), (due, number));

    /// <summary>The first that is due: what to do, again and again until it says that it is done.</summary>
    public Func<Turn, bool>? TakeDue(DateTime now)
    {
        while (_heap.TryPeek(out var entry, out var at) && at.Due <= now)
        {
            _heap.Dequeue();
            if (entry.Other is { } other)
            {
                return other;
            }

            if (entry.Run is { } run && run.WakeAt == at.Due)
            {
                run.WakeAt = null;
                return turn =>
                {
                    bool fired = Deadlines.Fire(turn, run);
                    if (!fired)
                    {
                        turn.Touched(run);
                    }

                    return fired;
                };
            }
        }

        return null;
    }
}
