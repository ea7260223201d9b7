namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A child that has not closed.</summary>
internal sealed class ChildState
{
    public required long InitiatedEventId { get; init; }
    public required string Namespace { get; init; }
    public required string WorkflowId { get; init; }
    public required string WorkflowType { get; init; }
    public required ParentClosePolicy ClosePolicy { get; init; }

    /// <summary>Its run, or the first of them; empty until it has started.</summary>
    public string RunId { get; set; } = "";

    /// <summary>0 until its Started event has an id.</summary>
    public long StartedEventId { get; set; }
}
