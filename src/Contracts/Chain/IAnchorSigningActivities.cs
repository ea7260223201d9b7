using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Signs trust anchors on a node's own host, where the private key is (queue <c>dr-node-&lt;name&gt;</c>).</summary>
public interface IAnchorSigningActivities
{
    /// <summary>Signs an anchor that the host's own look at the RPCs confirms; <see cref="ErrorTypes.Untrusted"/> where it does not.</summary>
    [Activity("anchors.sign")]
    Task<SignedAnchor> SignAsync(AnchorSigning command);
}
