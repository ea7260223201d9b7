namespace VirtEngine.DR.Embedded.Runs;

/// <summary>
/// The runs in memory (all open ones, and the closed ones that were used last), and which run of each workflow id is the current one.
/// </summary>
internal sealed class RunTable
{
    private const int ClosedInMemory = 2_000;
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string WorkflowId), string> _current = [];
    private readonly Queue<Run> _closed = new();

    /// <summary>Reads a closed run that left memory; set by the store.</summary>
    public Func<string, Run?> Load { get; set; } = _ => null;

    /// <summary>The number that the next run gets.</summary>
    public long NextNumber { get; set; } = 1;

    public IEnumerable<Run> InMemory => _runs.Values;

    public void Add(Run run)
    {
        _runs[run.State.RunId] = run;
        _current[(run.State.Namespace, run.State.WorkflowId)] = run.State.RunId;
    }

    /// <summary>At recovery: an open run, which may not be its workflow's current one.</summary>
    public void Restore(Run run) => _runs[run.State.RunId] = run;

    /// <summary>At recovery: which run is current, whether in memory or not.</summary>
    public void SetCurrent(string ns, string workflowId, string runId) => _current[(ns, workflowId)] = runId;

    public Run? Find(string ns, string workflowId, string runId)
    {
        if (runId.Length == 0 && !_current.TryGetValue((ns, workflowId), out runId!))
        {
            return null;
        }

        var run = ByRunId(runId);
        return run is not null && run.State.Namespace == ns && (workflowId.Length == 0 || run.State.WorkflowId == workflowId) ? run : null;
    }

    public Run? ByRunId(string runId)
    {
        if (_runs.TryGetValue(runId, out var run))
        {
            return run;
        }

        if (Load(runId) is not { } loaded)
        {
            return null;
        }

        _runs[runId] = loaded;
        _closed.Enqueue(loaded);
        return loaded;
    }

    /// <summary>The run, or Temporal's error.</summary>
    public Run Get(string ns, WorkflowExecution? execution)
    {
        string workflowId = execution?.WorkflowId ?? "";
        if (workflowId.Length == 0)
        {
            throw Host.Errors.Invalid("WorkflowId is not set on request.");
        }

        string runId = execution!.RunId;
        if (runId.Length > 0 && !Guid.TryParse(runId, out _))
        {
            throw Host.Errors.Invalid("Invalid RunId.");
        }

        return Find(ns, workflowId, runId) ?? throw Host.Errors.NotFound(
            $"workflow not found for ID: {workflowId}" + (runId.Length > 0 ? $" and run ID: {runId}" : ""));
    }

    /// <summary>The open run, or Temporal's error that says that it has ended.</summary>
    public Run GetOpen(string ns, WorkflowExecution? execution)
    {
        var run = Get(ns, execution);
        return run.State.IsOpen ? run : throw Host.Errors.NotFound("workflow execution already completed");
    }

    public void Closed(Run run) => _closed.Enqueue(run);

    /// <summary>Lets closed runs go that are on disk and were not used for long.</summary>
    public void Trim(long committedBatch)
    {
        while (_closed.Count > ClosedInMemory)
        {
            var run = _closed.Peek();
            if (run.LastBatch > committedBatch || run.Queries.Count > 0 || run.HistoryWaiters.Count > 0)
            {
                return;
            }

            _closed.Dequeue();
            if (!run.State.IsOpen)
            {
                _runs.Remove(run.State.RunId);
            }
        }
    }

    public void Remove(Run run)
    {
        _runs.Remove(run.State.RunId);
        if (_current.TryGetValue((run.State.Namespace, run.State.WorkflowId), out var current) && current == run.State.RunId)
        {
            _current.Remove((run.State.Namespace, run.State.WorkflowId));
        }
    }
}
