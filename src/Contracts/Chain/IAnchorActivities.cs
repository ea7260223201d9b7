using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Trust anchors; control queue.</summary>
public interface IAnchorActivities
{
    /// <summary>
    /// One block's hash as enough independent RPCs have it. <see cref="ErrorTypes.Unavailable"/> when fewer answer,
    /// <see cref="ErrorTypes.Untrusted"/> when they contradict each other; the message says who says what.
    /// </summary>
    [Activity("anchors.agree")]
    Task<TrustAnchor> AgreeAsync(AnchorQuery query);

    /// <summary>Writes a signed anchor, reads it back, verifies it, and deletes old ones. Writing it twice changes nothing.</summary>
    [Activity("anchors.keep")]
    Task<AnchorReceipt> KeepAsync(AnchorKeeping command);

    /// <summary>The anchor to trust over all regions; only verified ones count. Reads only.</summary>
    [Activity("anchors.find")]
    Task<AnchorFinding> FindAsync(AnchorSearch search);
}
