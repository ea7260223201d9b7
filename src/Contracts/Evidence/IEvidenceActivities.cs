using Temporalio.Activities;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Evidence;

/// <summary>The evidence store; control queue.</summary>
public interface IEvidenceActivities
{
    /// <summary>Writes the bundle (JSON and a page for people) under a key made from the run; writing it twice is one bundle.</summary>
    [Activity("evidence.write")]
    Task<EvidenceReceipt> WriteAsync(RunState state);
}

/// <summary>Where the evidence is.</summary>
/// <param name="Key">Its key in the evidence store.</param>
/// <param name="Digest">SHA-256, lower-case hex.</param>
public sealed record EvidenceReceipt(string Key, string Digest)
{
    /// <summary>The incident document's key (Markdown); null where the run belongs to no incident.</summary>
    public string? Document { get; init; }

    /// <summary>Its SHA-256, lower-case hex.</summary>
    public string? DocumentDigest { get; init; }
}
