namespace VirtEngine.DR.Contracts.Flow;

/// <summary>Where a run is in its life.</summary>
public enum RunPhase
{
    /// <summary>Taking locks, gathering facts, making the plan.</summary>
    Planning,

    /// <summary>A gate is open.</summary>
    AwaitingApproval,

    /// <summary>Steps are running.</summary>
    Running,

    /// <summary>A step failed; a person decides (retry, skip, abort).</summary>
    Parked,

    /// <summary>A person paused it.</summary>
    Paused,

    /// <summary>An abort was asked for and awaits its confirmation, or the undo stack is being worked off.</summary>
    Unwinding,

    /// <summary>Everything is done and watched for a relapse.</summary>
    Watching,

    /// <summary>Over; see the outcome.</summary>
    Closed,
}

/// <summary>How a run ended. Only the first is a success.</summary>
public enum RunOutcome
{
    /// <summary>Everything was done and proven.</summary>
    Succeeded,

    /// <summary>Something is missing or unproven; the state says what.</summary>
    Partial,

    /// <summary>Refused at a gate before the first act.</summary>
    Denied,

    /// <summary>Yielded to a run of a higher rank.</summary>
    Superseded,

    /// <summary>Unwound; the former state is proven.</summary>
    RolledBack,

    /// <summary>Ended by an operator before anything was done.</summary>
    Aborted,

    /// <summary>An undo could not be proven, or the plan could not be made.</summary>
    Failed,

    /// <summary>A dry run: the plan was shown, nothing was touched.</summary>
    Planned,
}

/// <summary>In earnest, in practice, or the plan only.</summary>
public enum RunMode
{
    /// <summary>In earnest.</summary>
    Live,

    /// <summary>On the simulated estate or an isolated target.</summary>
    Practice,

    /// <summary>Shows the plan and ends; locks and changes nothing.</summary>
    DryRun,
}

/// <summary>What a step's undo does.</summary>
public enum UndoKind
{
    /// <summary>Back to the state before.</summary>
    Restore,

    /// <summary>Stays (containment, fences, forensic copies): the close lists it.</summary>
    Keep,

    /// <summary>Cannot be undone: only in or after the commit, or where nothing changes.</summary>
    None,
}

/// <summary>Where a step is.</summary>
public enum StepStatus
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Done and proven.</summary>
    Done,

    /// <summary>The world was already as wanted.</summary>
    AlreadySo,

    /// <summary>Failed; the run is parked.</summary>
    Failed,

    /// <summary>Skipped by a person; what it would have proven is unproven.</summary>
    Skipped,

    /// <summary>Its undo is at work.</summary>
    Undoing,

    /// <summary>Undone and proven.</summary>
    Undone,

    /// <summary>Left as it is by declaration.</summary>
    Kept,

    /// <summary>Left out: not configured, or not needed in this plan.</summary>
    LeftOut,
}
