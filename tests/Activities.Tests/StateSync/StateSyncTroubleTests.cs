using VirtEngine.DR.Activities.Nodes.StateSync;

namespace VirtEngine.DR.Activities.Tests.StateSync;

/// <summary>Lines that a real node wrote when it was misled.</summary>
public sealed class StateSyncTroubleTests
{
    [Theory]
    [InlineData("failed to start state sync: failed to set up light client state provider: expected header's hash AAFD, but got B8FD", "the trusted hash is not the hash")]
    [InlineData("ERR Can't verify err=\"verify from #1217 to #1221 failed: old header has expired at 2026-11-23 23:33:31 +0000 UTC\" module=light", "trust expired")]
    [InlineData("failed to start state sync: failed to set up light client state provider: at least 2 RPC servers are required, got 1", "two RPC servers")]
    [InlineData("failed to start state sync: failed to set up light client state provider: height requested is too high", "above what the RPC servers have")]
    [InlineData("failed to start state sync: failed to set up light client state provider: post failed: Post \"http://127.0.0.1:2\": dial tcp 127.0.0.1:2: connect: connection refused", "does not answer from the node's own host")]
    [InlineData("INF Discovering snapshots discoverTime=15000 module=statesync", "no snapshots found")]
    [InlineData("INF Discovering snapshots discoverTime=15000\nINF Discovered new snapshot format=3 height=600", "none was restored in time")]
    public void Read_LineOfAMisledNode_SaysWhatItMeans(string line, string meaning) =>
        Assert.Contains(meaning, StateSyncTrouble.Read($"INF started\n{line}\nINF Closing snapshots/metadata.db")!.Meaning, StringComparison.Ordinal);

    [Fact]
    public void Read_SeveralLines_TellsTheCauseAndNotWhatFollows() => Assert.Contains(
        "trust expired",
        StateSyncTrouble.Read("INF Snapshot rejected format=3 height=1220\nERR Can't verify err=\"old header has expired at x\"\nINF Snapshot rejected")!.Meaning, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("INF Starting node\nINF Closing snapshots/metadata.db")]
    public void Read_NothingOfTheKind_IsNull(string? log) => Assert.Null(StateSyncTrouble.Read(log));
}
