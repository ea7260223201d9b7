namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How a workflow task stands in the history.</summary>
internal enum WorkflowTaskKind
{
    /// <summary>Its Scheduled and Started events are in the history.</summary>
    Normal,

    /// <summary>A retry: its events are written when it completes.</summary>
    Transient,

    /// <summary>Made for an update: its events are written when it completes, and never if the update is refused.</summary>
    Speculative,
}
