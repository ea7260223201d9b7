namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Whether the worker is of use: its pollers run and the server answers.</summary>
public sealed class WorkerHealth
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _queues = [];
    private string _problem = "starting";
    private DateTimeOffset? _since;

    /// <summary>True when the pollers run and the server answered last time.</summary>
    public bool Ready
    {
        get
        {
            lock (_gate)
            {
                return _since is not null;
            }
        }
    }

    /// <summary>What <c>/health</c> answers.</summary>
    public WorkerHealthReport Report()
    {
        lock (_gate)
        {
            return new WorkerHealthReport(_since is not null ? "ready" : "not ready", _queues, _since, _since is not null ? null : _problem);
        }
    }

    internal void SetReady(IReadOnlyList<string> queues)
    {
        lock (_gate)
        {
            _queues = queues;
            _since ??= DateTimeOffset.UtcNow;
        }
    }

    internal void SetNotReady(string problem)
    {
        lock (_gate)
        {
            _since = null;
            _problem = problem;
        }
    }
}
