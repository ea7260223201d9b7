namespace VirtEngine.DR.Contracts;

/// <summary>Every name that crosses a process boundary: queues, workflow types, search attributes. Each has its one home here.</summary>
public static class Names
{
    /// <summary>The namespace used when none is given.</summary>
    public const string Namespace = "default";

    /// <summary>The task queue of the control workers: all workflows and the activities that need no node.</summary>
    public const string ControlQueue = "dr-control";

    /// <summary>The task queue of the worker that runs on a node's own host.</summary>
    public static string NodeQueue(string node) => "dr-node-" + node;

    /// <summary>The schedule of a workflow type.</summary>
    public static string ScheduleId(string workflow) => "virtengine-dr." + workflow;

    /// <summary>The workflow id that is the lock of a target: <c>lock/&lt;kind&gt;/&lt;target&gt;</c>.</summary>
    public static string LockId(string kind, string target) => $"lock/{kind}/{target}";

    /// <summary>The id of one of a run's escalation clocks.</summary>
    public static string EscalationId(string workflowId, string firstRunId, int clock) =>
        FormattableString.Invariant($"escalation/{workflowId}/{Short(firstRunId)}/{clock}");

    /// <summary>The id of a run's aftermath. There is one.</summary>
    public static string AftermathId(string workflowId, string firstRunId) => $"aftermath/{workflowId}/{Short(firstRunId)}";

    private static string Short(string firstRunId) => firstRunId[..Math.Min(8, firstRunId.Length)];
}
