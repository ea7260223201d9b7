using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Trust anchors on the world.</summary>
public sealed class AnchorFakes(World world) : IAnchorActivities
{
    [Activity("anchors.agree")]
    public Task<TrustAnchor> AgreeAsync(AnchorQuery query) => world.Faults.RunAsync("anchors.agree", () => query.References.Count < query.AtLeast
        ? throw new ApplicationFailureException($"{query.References.Count} RPCs answer, {query.AtLeast} are needed", ErrorTypes.Unavailable, nonRetryable: true)
        : new TrustAnchor
        {
            ChainId = query.ChainId,
            Height = query.Height ?? world.ChainHeight - 2,
            Hash = world.Sync.Hash,
            BlockTime = world.Time.GetUtcNow(),
            At = world.Time.GetUtcNow(),
            Agreed = [.. query.References.Select(reference => reference.Node)],
            Disagree = world.Sync.Disagree,
        });

    [Activity("anchors.keep")]
    public Task<AnchorReceipt> KeepAsync(AnchorKeeping command) => world.Faults.RunAsync("anchors.keep:" + command.Bucket.Region, () =>
    {
        world.Sync.Kept[command.Bucket.Region] = true;
        return new AnchorReceipt(command.Bucket.Region, "anchors/virtengine-1/1.json", 1, 0);
    });

    [Activity("anchors.find")]
    public Task<AnchorFinding> FindAsync(AnchorSearch search) => world.Faults.RunAsync(
        "anchors.find", () => world.Sync.Anchor is { } anchor ? new AnchorFinding(anchor, "us-east-1", "key-1", []) : new AnchorFinding(null, null, null, ["eu-west-1: it does not answer"]));
}
