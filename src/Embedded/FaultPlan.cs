namespace VirtEngine.DR.Embedded;

/// <summary>
/// Order and faults by a seed: the same seed gives the same history. One thing happens at a time: a workflow task, an activity or a query; every decision is a
/// hash of the seed and of what it is about, so that none depends on how many were made before it. Shares are from 0 to 1.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>Decides run ids, the order of tasks and answers, and the faults.</summary>
    public required long Seed { get; init; }

    /// <summary>How often a worker's answer to a workflow task is dropped, as if it had died on it.</summary>
    public double LoseWorkflowTasks { get; init; }

    /// <summary>The number of the one workflow task (from 1) whose answer is dropped; null for none.</summary>
    public int? LoseWorkflowTask { get; init; }

    /// <summary>How often an activity is done and its worker's answer dropped; it needs a timeout to go on.</summary>
    public double LoseActivities { get; init; }

    /// <summary>How often a worker dies before it begins an activity that it was given; it needs a timeout to go on.</summary>
    public double TimeOutActivities { get; init; }

    /// <summary>How often an activity fails in a way that may be tried again, half of them before it was done and half after.</summary>
    public double FailActivities { get; init; }

    /// <summary>How often an activity's answer comes late, by up to <see cref="LongestDelay"/>.</summary>
    public double LateActivities { get; init; }

    /// <summary>How often the signs of life of an activity that waits (<see cref="VirtualTime.WaitAsync"/>) are not recorded in time.</summary>
    public double SlowHeartbeats { get; init; }

    /// <summary>How often a worker's cache is forgotten, so that the next task is a replay.</summary>
    public double LoseSticky { get; init; }

    /// <summary>How often a workflow task is given to two workers. The seed says whose answer counts; the other is refused. It needs two workers.</summary>
    public double DuplicateWorkflowTasks { get; init; }

    /// <summary>How often an activity is given to workers twice. The seed says whose answer counts; the other is refused.</summary>
    public double DuplicateActivities { get; init; }

    /// <summary>How often a client's start, signal, update, cancel or terminate comes late, by up to <see cref="LongestDelay"/>; it is answered when it came.</summary>
    public double LateMessages { get; init; }

    /// <summary>How often such a message comes twice, the second time late and with the same ids, as a client's own retry would.</summary>
    public double DuplicateMessages { get; init; }

    /// <summary>The longest delay of what comes late, in virtual time.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The number of the workflow task (from 1) at whose answer the engine dies without a word and starts again from its file; the seed says whether the answer
    /// was on disk by then. Null: it does not. It needs <see cref="EngineOptions.DataFile"/>.
    /// </summary>
    public int? RestartAtWorkflowTask { get; init; }
}
