namespace VirtEngine.DR.Embedded.Loop;

/// <summary>A task that a worker has, or whose answer is kept back until its turn comes.</summary>
internal sealed class Handed(string token, bool isActivity, string runId, int attempt, int number, long batch)
{
    public string Token => token;
    public bool IsActivity => isActivity;
    public string RunId => runId;
    public int Attempt => attempt;

    /// <summary>A workflow task's place among all that were given out.</summary>
    public int Number => number;

    /// <summary>The batch whose commit lets it go to the worker.</summary>
    public long Batch => batch;

    /// <summary>Since when the worker is at it, in the machine's own time.</summary>
    public DateTime Since { get; set; } = DateTime.UtcNow;

    /// <summary>By plan: the answer counts for nothing.</summary>
    public bool Refused { get; init; }

    /// <summary>By plan: the worker's cache counts for nothing afterwards.</summary>
    public bool ForgetSticky { get; init; }

    /// <summary>The engine died over its answer, which the worker sends once more.</summary>
    public bool Again { get; set; }

    /// <summary>The answer, once it is there; null while the worker has the task.</summary>
    public Action<Turn>? Answer { get; set; }

    /// <summary>The answer is on its way and comes at its time.</summary>
    public bool OnItsWay { get; set; }
}
