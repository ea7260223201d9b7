namespace VirtEngine.DR.Embedded;

/// <summary>Order and faults by a seed: the same seed gives the same choices. Workflow tasks are given out one at a time; activities run beside them.</summary>
public sealed record FaultPlan
{
    /// <summary>Decides run ids, the order of tasks, and the faults.</summary>
    public required long Seed { get; init; }

    /// <summary>How often a worker's answer to a workflow task is dropped, as if it had died on it (0 to 1).</summary>
    public double LoseWorkflowTasks { get; init; }

    /// <summary>The number of the one workflow task (from 1) whose answer is dropped; null for none.</summary>
    public int? LoseWorkflowTask { get; init; }

    /// <summary>How often a worker's answer about an activity is dropped (0 to 1); it needs a timeout to go on.</summary>
    public double LoseActivities { get; init; }

    /// <summary>How often a worker's cache is forgotten, so that the next task is a replay (0 to 1).</summary>
    public double LoseSticky { get; init; }
}
