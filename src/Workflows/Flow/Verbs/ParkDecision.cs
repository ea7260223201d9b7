namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a person decided about something that is parked.</summary>
public enum ParkDecision
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Once more, from describe.</summary>
    Retry,

    /// <summary>Leave it out.</summary>
    Skip,
}
