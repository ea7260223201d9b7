namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a verb needs in order to work; each has its refusal in <see cref="VerbTable"/>.</summary>
public enum Need
{
    /// <summary>The run is not over.</summary>
    NotClosed,

    /// <summary>The run was not reset.</summary>
    NotReset,

    /// <summary>A gate is open.</summary>
    GateOpen,

    /// <summary>A gate is open, or was passed and can still be held against the run.</summary>
    GateOpenOrPassed,

    /// <summary>Not paused yet.</summary>
    NotPaused,

    /// <summary>Paused, or an abort that is not confirmed.</summary>
    SomethingToResume,

    /// <summary>Something is parked.</summary>
    Parked,

    /// <summary>Something that is parked is declared skippable.</summary>
    Skippable,

    /// <summary>Before the point of no return.</summary>
    NotCommitted,

    /// <summary>The undo stack is not being worked off.</summary>
    NotUnwinding,

    /// <summary>The runbook declares a mode without the lost side.</summary>
    HasUngraceful,

    /// <summary>Not switched yet.</summary>
    NotUngraceful,

    /// <summary>There is a plan to switch.</summary>
    Planned,

    /// <summary>No abort was asked for.</summary>
    NoAbort,
}
