namespace VirtEngine.DR.Activities.Evidence;

/// <summary>What a bundle consists of; written last.</summary>
/// <param name="Format">1.</param>
/// <param name="WorkflowId">The run.</param>
/// <param name="State">The state's file, beside this one.</param>
/// <param name="StateDigest">SHA-256, lower-case hex.</param>
/// <param name="Report">The page for people.</param>
/// <param name="ReportDigest">SHA-256, lower-case hex.</param>
/// <param name="Signature">The signature over the state's bytes; null when no key is configured.</param>
/// <param name="KeyId">The signing key.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="WrittenAt">When.</param>
public sealed record EvidenceBundle(
    int Format, string WorkflowId, string State, string StateDigest, string Report, string ReportDigest, string? Signature, string? KeyId,
    string? Algorithm, DateTimeOffset WrittenAt)
{
    /// <summary>The incident document (Markdown); null where the run belongs to no incident.</summary>
    public string? Document { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string? DocumentDigest { get; init; }

    /// <summary>The same as JSON.</summary>
    public string? Incident { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string? IncidentDigest { get; init; }
}
