namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Under a seed: what the workers have. It belongs to the laboratory, not to the engine, and lives on when that starts again.</summary>
internal sealed class Ledger(VirtualTime? time)
{
    /// <summary>An activity that says nothing for so long waits for something that happens in the engine; in the machine's own time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The SDK stays silent about a task that fails again: only time goes on.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, Handed> _handed = new(StringComparer.Ordinal);

    /// <summary>Answers that wait for their turn.</summary>
    public IEnumerable<Handed> Waiting => _handed.Values.Where(h => h is { Answer: not null, OnItsWay: false });

    public void Add(Handed handed) => _handed[handed.Token] = handed;

    public Handed? Find(string token) => _handed.GetValueOrDefault(token);

    public bool Remove(string token) => _handed.Remove(token);

    /// <summary>An activity that waited goes on.</summary>
    public void Resume(string token)
    {
        if (Find(token) is { } handed)
        {
            handed.Since = DateTime.UtcNow;
        }
    }

    /// <summary>Whether a worker is at a workflow task.</summary>
    public bool AnyWorkflowTask()
    {
        var real = DateTime.UtcNow;
        return _handed.Values.Any(h => !h.IsActivity && (h is { Attempt: 1, Again: false } || real - h.Since < SilentAfter));
    }

    /// <summary>Whether a worker is at an activity that waits for nothing.</summary>
    public bool AnyActivity()
    {
        var real = DateTime.UtcNow;
        return _handed.Values.Any(h => h is { IsActivity: true, Answer: null } && real - h.Since < Patience && time?.Parks.Contains(h.Token) != true);
    }

    /// <summary>The engine starts again: tasks of its last batch never left, and answers that it had not taken are sent once more by their workers.</summary>
    public void Restart(long lastBatch)
    {
        foreach (var handed in _handed.Values.ToArray())
        {
            handed.Answer = null;
            handed.OnItsWay = false;
            handed.Since = DateTime.UtcNow;
            if (handed.Batch == lastBatch)
            {
                _handed.Remove(handed.Token);
            }
        }
    }
}
