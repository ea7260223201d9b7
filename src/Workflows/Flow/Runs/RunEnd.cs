namespace VirtEngine.DR.Workflows.Flow;

/// <summary>How the work of a run ended, before it is closed.</summary>
public enum RunEnd
{
    /// <summary>All steps are done, skipped or left out.</summary>
    Done,

    /// <summary>A dry run: the plan is made.</summary>
    Planned,

    /// <summary>The plan could not be made.</summary>
    PlanFailed,

    /// <summary>Denied at a gate before the first act.</summary>
    Denied,

    /// <summary>Yielded before the first act.</summary>
    Superseded,

    /// <summary>Yielded after it had acted: what it did was handed over.</summary>
    HandedOver,

    /// <summary>Done; while it was watched, the lock went to a run of a higher rank.</summary>
    YieldedWatching,

    /// <summary>A repair that left the world as it is.</summary>
    Adopted,

    /// <summary>Aborted before the first act.</summary>
    Aborted,

    /// <summary>Unwound and proven.</summary>
    RolledBack,

    /// <summary>Unwound, but an undo was left out.</summary>
    UndoUnproven,
}
