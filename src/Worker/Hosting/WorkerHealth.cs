namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Whether the worker is of use: its pollers run and the server answers.</summary>
public sealed class WorkerHealth
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _queues = [];
    private string _problem = "starting";
    private DateTimeOffset? _since;
    private readonly SortedDictionary<string, string> _alarms = new(StringComparer.Ordinal);

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
            return new WorkerHealthReport(_since is not null ? "ready" : "not ready", _queues, _since, _since is not null ? null : _problem) { Alarms = [.. _alarms.Select(one => $"{one.Key}: {one.Value}")] };
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

    /// <summary>An alarm of a node's signer; null: there is none.</summary>
    internal void SetAlarm(string node, string? alarm)
    {
        lock (_gate)
        {
            if (alarm is null)
            {
                _alarms.Remove(node);
            }
            else
            {
                _alarms[node] = alarm;
            }
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
