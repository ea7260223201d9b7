using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>When workloads count as whole without a zone.</summary>
public sealed class RolloutJudgeTests
{
    [Theory]
    [InlineData("b", null, NodeKind.Full, true)]
    [InlineData("a", null, NodeKind.Full, false)]
    [InlineData("a", "a", NodeKind.Full, true)]
    [InlineData("a", null, NodeKind.Validator, true)]
    [InlineData(null, null, NodeKind.Full, false)]
    public void Judge_OnePodOfOne_CountsWhereItServesOrCannotLeave(string? zone, string? boundTo, NodeKind role, bool ready)
    {
        var now = new ClusterObservation(
            DateTimeOffset.UnixEpoch, [], [new("one", true, role, 1, 1, 1, 1, false, null, null, true, new(1, 0, 0))], [new("one-0", "uid", "one", "machine", zone, true, false, boundTo)], [], []);

        Assert.Equal(ready, RolloutLoop.Judge(now, "a").Ready);
    }
}
