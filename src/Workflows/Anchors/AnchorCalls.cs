using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Anchors;

/// <summary>The calls of <c>TrustAnchors</c>: which activity, on which queue, under which policy.</summary>
public static class AnchorCalls
{
    /// <summary>What the RPCs agree on.</summary>
    public static Task<TrustAnchor> AgreeAsync(NodeSlice slice)
    {
        var query = AnchorRules.Query(slice, AnchorRules.Everybody(slice));
        return Workflow.ExecuteActivityAsync((IAnchorActivities a) => a.AgreeAsync(query), Policies.Probe("asks the RPCs for a height and its hash"));
    }

    /// <summary>Signs on a node's host.</summary>
    public static Task<SignedAnchor> SignAsync(NodeSlice slice, TrustAnchor anchor)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var name = slice.Target.Node.Name;
        return Workflow.ExecuteActivityAsync((IAnchorSigningActivities a) => a.SignAsync(new(slice, anchor)), Policies.Mutate("signs the trust anchor on " + name).OnNode(name));
    }

    /// <summary>Keeps it in a bucket.</summary>
    public static Task<AnchorReceipt> KeepAsync(AnchorKeeping command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Workflow.ExecuteActivityAsync((IAnchorActivities a) => a.KeepAsync(command), Policies.Mutate("keeps the trust anchor in " + command.Bucket.Region));
    }
}
