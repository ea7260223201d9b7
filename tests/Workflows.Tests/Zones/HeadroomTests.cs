using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Zones;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Zones;

/// <summary>Whether pods find room outside a zone.</summary>
public sealed class HeadroomTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData(4, 4000, 8, true)]
    [InlineData(3, 4000, 8, false)]
    [InlineData(4, 3999, 8, false)]
    [InlineData(4, 4000, 7, false)]
    public void Of_FourMorePodsOnOneMachine_FitsByPodsProcessorsAndMemory(long pods, long cpu, long gigabytes, bool fits)
    {
        var room = Headroom.Of(Cluster([new("b-0", "b", NodeReadiness.Ready, false, null, new(pods, cpu, gigabytes * Gigabyte))]), "a", new Dictionary<string, int> { ["full"] = 4 });

        Assert.Equal(fits, room.Fits);
    }

    [Fact]
    public void Of_MachinesThatTakeNothing_DoNotCount()
    {
        Room much = new(100, 100_000, 100 * Gigabyte);
        var room = Headroom.Of(
            Cluster([new("a-0", "a", NodeReadiness.Ready, false, null, much), new("b-0", "b", NodeReadiness.Unknown, false, null, much), new("b-1", "b", NodeReadiness.Ready, true, null, much)]),
            "a", new Dictionary<string, int> { ["full"] = 1 });

        Assert.Equal(1, room.Missing["full"]);
        Assert.Contains("no room outside a for 1 of full (0 machines take pods)", room.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PodsThatAreThereAlready_NeedNoMoreRoom()
    {
        var cluster = Cluster([new("b-0", "b", NodeReadiness.Ready, false, null, new(1, 1000, 2 * Gigabyte))]) with
        {
            Pods = [new("full-1", "1", "full", "b-0", "b", true, false, null), new("full-2", "2", "full", "a-0", "a", true, false, null), new("full-3", "3", "full", "b-0", "b", true, true, null)],
        };

        Assert.True(Headroom.Of(cluster, "a", new Dictionary<string, int> { ["full"] = 2 }).Fits);
        Assert.False(Headroom.Of(cluster, "a", new Dictionary<string, int> { ["full"] = 3 }).Fits);
    }

    private static ClusterObservation Cluster(IReadOnlyList<ClusterNode> nodes) => new(
        DateTimeOffset.UnixEpoch, nodes, [new("full", true, NodeKind.Full, 2, 2, 2, 2, true, null, null, true, new(1, 1000, 2 * Gigabyte))], [], [], []);
}
