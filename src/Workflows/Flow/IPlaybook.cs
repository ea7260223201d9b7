namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A runbook's own part: its input, its facts and its plan. Everything else is Flow's.</summary>
public interface IPlaybook
{
    /// <summary>Whether there is a mode without the lost side.</summary>
    bool HasUngraceful { get; }

    /// <summary>
    /// The input that makes this run's plan again, with what was chosen on the way pinned, for whoever has to settle what it did. A
    /// record whose property <c>takeover</c> is null.
    /// </summary>
    object Pinned { get; }

    /// <summary>Everything that is wrong with the input, all at once.</summary>
    IReadOnlyList<string> Mistakes();

    /// <summary>Pins the estate's slice; reads only, before the locks.</summary>
    Task<RunScope> PinAsync(FactBook facts);

    /// <summary>Observes what the plan depends on; reads only, again and again.</summary>
    Task GatherAsync(FactBook facts);

    /// <summary>Makes the plan from the facts; no call to anybody.</summary>
    PlanDraft Draft(bool ungraceful);

    /// <summary>What a run that went through leaves behind, with the command that deals with it.</summary>
    IReadOnlyList<string> LeftBehind();
}
