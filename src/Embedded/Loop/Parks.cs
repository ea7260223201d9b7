namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Activities that wait in virtual time, by their task's token.</summary>
internal sealed class Parks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Park> _parks = new(StringComparer.Ordinal);

    public bool Contains(string token)
    {
        lock (_lock)
        {
            return _parks.ContainsKey(token);
        }
    }

    public IReadOnlyList<string> Tokens
    {
        get
        {
            lock (_lock)
            {
                return [.. _parks.Keys];
            }
        }
    }

    public DateTime? Next
    {
        get
        {
            lock (_lock)
            {
                return _parks.Count == 0 ? null : _parks.Values.Min(p => p.Due);
            }
        }
    }

    public Task<VirtualWake> Wait(string token, DateTime due, long? runsClosed)
    {
        var park = new Park(due, runsClosed);
        lock (_lock)
        {
            _parks[token] = park;
        }

        return park.Done.Task;
    }

    /// <summary>Whether its time is over, or a run has closed that it may wait for.</summary>
    public bool IsDue(string token, DateTime now, long runsClosed)
    {
        lock (_lock)
        {
            return _parks.TryGetValue(token, out var park) && (park.Due <= now || park.RunsClosed < runsClosed);
        }
    }

    /// <summary>Lets one go on.</summary>
    public void Wake(string token, VirtualWake wake, DateTime now)
    {
        lock (_lock)
        {
            if (_parks.Remove(token, out var park))
            {
                park.Done.SetResult(wake == VirtualWake.TimeOver && park.Due > now ? VirtualWake.RunClosed : wake);
            }
        }
    }

    private sealed class Park(DateTime due, long? runsClosed)
    {
        public DateTime Due => due;

        public long? RunsClosed => runsClosed;

        public TaskCompletionSource<VirtualWake> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
