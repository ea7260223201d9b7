using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// Numbers the acts of a run. A target refuses a number below the highest that it has seen, so a late old act cannot land after its
/// undo. A repair goes on under the name and the numbers of the run that it settles, so that this holds for that run's late acts too.
/// </summary>
public sealed class StepKeys
{
    /// <summary>Do.</summary>
    public const string Do = "do";

    /// <summary>Undo.</summary>
    public const string Undo = "undo";

    private readonly RunHandover? goesOnFor;
    private int round = 1;

    /// <summary>Of this run, or of the run that it settles.</summary>
    public StepKeys(RunHandover? goesOnFor = null)
    {
        this.goesOnFor = goesOnFor;
        Number = goesOnFor?.Number ?? 0;
    }

    /// <summary>The highest number so far.</summary>
    public int Number { get; private set; }

    /// <summary>The run in whose name it acts.</summary>
    public string WorkflowId => goesOnFor?.WorkflowId ?? Workflow.Info.WorkflowId;

    /// <summary>
    /// That run's first execution; after a relapse with the number of the round, for what a former round did is not done in this one.
    /// </summary>
    public string FirstRunId => (goesOnFor?.FirstRunId ?? Workflow.Info.FirstExecutionRunId) + Suffix;

    private string Suffix => round == 1 ? "" : FormattableString.Invariant($"/{round}");

    /// <summary>The key of the next act.</summary>
    public StepKey Next(string step, string direction) => Make(step, direction, ++Number);

    /// <summary>A key for calls that read: it fences nothing.</summary>
    public StepKey Read(string step) => Make(step, Do, 0);

    /// <summary>A relapse: the next plan has keys of its own.</summary>
    public void NextRound() => round++;

    private StepKey Make(string step, string direction, int number)
    {
        // An execution that a reset made has another id than the first: targets refuse it.
        var own = Workflow.Info.RunId == Workflow.Info.FirstExecutionRunId ? FirstRunId : Workflow.Info.RunId;
        return new(WorkflowId, FirstRunId, own, step, direction, number, Workflow.Info.RunId);
    }
}
