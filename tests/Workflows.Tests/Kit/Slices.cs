using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The world as slices of an estate.</summary>
public static class Slices
{
    public static ZoneSlice Zone(World world, string region, string zone)
    {
        ArgumentNullException.ThrowIfNull(world);
        return new(
            new(region, new() { Kubeconfig = "/kubeconfig" }, [.. (world.Cluster?.Workloads ?? []).Select(one => one.Spec)]), zone, ["b"], [], new ChainSpec { Id = "virtengine-1" },
            [new("full-8", "http://127.0.0.1:1"), new("full-9", "http://127.0.0.1:2")], "0123456789abcdef", world.Approvals, [new(NodeKind.Full, "D2", TimeSpan.FromMinutes(15))],
            [new("ops", "webhook", "http://127.0.0.1:3", [])], world.Watch, world.Simulated);
    }

    public static NodeSlice Of(World world, string? other = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        return new(
            new NodeTarget(
                new NodeSpec
                {
                    Name = other ?? world.Node,
                    Kind = world.Kind,
                    Region = world.Region,
                    Home = "/home/node",
                    Rpc = world.Probed ? null : "http://127.0.0.1:1",
                    Probe = world is { Probed: true, HasProbe: true } ? new ProbeSpec { Url = "http://127.0.0.1:1/status" } : null,
                    Control = new() { Type = "process" },
                },
                new ChainSpec { Id = "virtengine-1" }, "0123456789abcdef"),
            [Bucket("us-east-1"), Bucket("eu-west-1"), Bucket("ap-south-1")],
            [.. world.References.Select(r => new RpcEndpoint(r.Node, "http://127.0.0.1:2"))],
            new BackupSpec(), world.Approvals, [new(world.Kind, "D1", TimeSpan.FromMinutes(15))],
            [new("ops", "webhook", "http://127.0.0.1:3", [])], world.Simulated)
        {
            Watch = world.Watch,
            PowerBudget = world.Budget is not null,
            Vantages = world.Vantages,
            FullNodes = world.Holdings is null ? null : [.. world.Holdings.Nodes.Select(one => new FullNodeRpc(one.Node, one.Region, "http://127.0.0.1:2"))],
            ChainRpo = TimeSpan.Zero,
            BackedUp = [world.Node],
            Standby = other is null ? world.Standby?.Node : null,
        };
    }

    public static BackupRef Backup(World world, string id, string kind) => new()
    {
        Chain = "virtengine-1",
        Node = world.Node,
        Kind = kind,
        Id = id,
        ManifestKey = $"virtengine-1/{world.Node}/{kind}/{id}.json",
        Digest = new string('a', 64),
        Height = 1000,
        TakenAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Bytes = 1_000,
        Files = 10,
    };

    private static BucketSpec Bucket(string region) => new() { Url = $"file:///{region}", Region = region };
}
