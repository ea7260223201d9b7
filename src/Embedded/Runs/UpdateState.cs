namespace VirtEngine.DR.Embedded.Runs;

/// <summary>An update that this run knows of.</summary>
internal sealed class UpdateState
{
    public required string Id { get; init; }

    /// <summary>Its place in the order in which they came.</summary>
    public required int Number { get; init; }

    /// <summary>What was asked; kept until a worker has accepted it, for it is sent again until then.</summary>
    public Request? Request { get; set; }

    /// <summary>The workflow task (by its Started event) that carries it; 0 while it waits for one.</summary>
    public long SentWith { get; set; }

    /// <summary>The event that holds the request, for an update that a reset brought along; 0 for others.</summary>
    public long AdmittedEventId { get; set; }

    /// <summary>0 until it was accepted.</summary>
    public long AcceptedEventId { get; set; }

    /// <summary>0 until it was completed.</summary>
    public long CompletedEventId { get; set; }
}
