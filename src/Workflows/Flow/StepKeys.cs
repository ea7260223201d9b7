using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Numbers the acts of a run. A target refuses a number below the highest that it has seen, so a late old act cannot land after its undo.</summary>
public sealed class StepKeys
{
    /// <summary>Do.</summary>
    public const string Do = "do";

    /// <summary>Undo.</summary>
    public const string Undo = "undo";

    private int number;

    /// <summary>The key of the next act.</summary>
    public StepKey Next(string step, string direction) => Make(step, direction, ++number);

    /// <summary>A key for calls that read: it fences nothing.</summary>
    public static StepKey Read(string step) => Make(step, Do, 0);

    private static StepKey Make(string step, string direction, int number) =>
        new(Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, Workflow.Info.RunId, step, direction, number);
}
