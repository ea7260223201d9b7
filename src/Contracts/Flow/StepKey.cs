namespace VirtEngine.DR.Contracts.Flow;

/// <summary>
/// The idempotency key of a mutating call. <see cref="Number"/> rises with every describe that leads to an act; activity retries
/// keep it. The target refuses a call whose number is below the highest that it has seen for the run, and a call whose
/// <see cref="RunId"/> is not the first run's (a run that was reset may only be repaired).
/// </summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="RunId">The execution that asks.</param>
/// <param name="Step">The step's id.</param>
/// <param name="Direction"><c>do</c> or <c>undo</c>.</param>
/// <param name="Number">Rises over the whole run.</param>
/// <param name="Execution">
/// The execution that scheduled the call. A reset hands calls that were on their way to the new execution, with the arguments of the old
/// one: the target compares this with the execution that the call runs for. Null: it was made outside a workflow.
/// </param>
public sealed record StepKey(string WorkflowId, string FirstRunId, string RunId, string Step, string Direction, int Number, string? Execution = null)
{
    /// <summary>As one string, for targets that keep one.</summary>
    public override string ToString() => $"{WorkflowId}/{FirstRunId}/{Step}/{Direction}/{Number}";
}
