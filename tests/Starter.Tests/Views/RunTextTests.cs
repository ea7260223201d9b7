using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Starter.Views;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Views;

/// <summary>The plain view.</summary>
public sealed class RunTextTests
{
    private static readonly DateTimeOffset Now = Samples.Start.AddSeconds(72);

    [Fact]
    public void Lines_AwaitingApproval_IsThisText()
    {
        string[] expected =
        [
            "RB-DR-006 Backup restore [practice]",
            "run:      RB-DR-006.fullnode-0.20260301-120000-abc",
            "target:   node/fullnode-0, us-east-1, class D1",
            "phase:    awaiting approval",
            "operator: alice",
            "clock:    1 min 12 s of 2 h (1 %), gates 4.0 s",
            "now:      One approval is needed before anything is touched.",
            "",
            "plan 1, digest 1a2b3c4d",
            "  accepts  backup 20260301T115900Z-7f at height 4711",
            "  accepts  at most 130 blocks are replayed",
            "  risk     the former data is gone",
            "  fact     free space: 12 GB (seen 12:00:00)",
            "GATE restore: Restore node fullnode-0 from this backup? (0 of 1 approvals)",
            "",
            "steps",
            "    1 done            1.2 s  Choose the backup - newest proven, height 4711",
            "    2 waiting                Download to staging",
            "    5 waiting                Swap [data]",
            "",
            "journal",
            "  12:00:00 Plan 1 is made.",
            "  12:00:02 alice: the [disk] is gone",
            "",
            "you can",
            "  virtengine-dr approve RB-DR-006.fullnode-0.20260301-120000-abc",
            "      opens the gate",
            "  virtengine-dr deny RB-DR-006.fullnode-0.20260301-120000-abc",
            "      closes the run as denied",
        ];
        Assert.Equal(expected, RunText.Lines(Samples.AwaitingApproval, Now));
    }

    [Fact]
    public void Lines_Closed_NamesOutcomeProofAndEvidence()
    {
        var text = string.Join('\n', RunText.Lines(Samples.Closed, Now));
        Assert.Contains("phase:    closed: succeeded", text, StringComparison.Ordinal);
        Assert.Contains("3 min 00 s of 2 h (3 %), healthy 12:03:00", text, StringComparison.Ordinal);
        Assert.Contains("evidence: evidence/rb-dr-006.json", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_TwoLooks_ShowsEachJournalEntryAndDetailOnce()
    {
        var lines = new RunLines();
        var first = lines.Next(Samples.AwaitingApproval, Now);
        Assert.Contains(first, line => line.Contains("Plan 1 is made.", StringComparison.Ordinal));
        Assert.Contains(first, line => line.StartsWith("GATE restore", StringComparison.Ordinal));
        Assert.Empty(lines.Next(Samples.AwaitingApproval, Now));
        var later = lines.Next(Samples.Running, Now);
        Assert.Contains(later, line => line.Contains("1.2 of 3.0 GB", StringComparison.Ordinal));
        Assert.DoesNotContain(later, line => line.Contains("Plan 1 is made.", StringComparison.Ordinal));
    }

    [Fact]
    public void Line_ObjectivePassed_SaysSo()
    {
        var clock = new ClockState(Samples.Start, TimeSpan.FromMinutes(1), null, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal("1 min 12 s of 1 min (120 %, OBJECTIVE MISSED), paused 30 s", ClockText.Line(clock, Now));
    }

    [Theory]
    [InlineData(0.085, "85 ms")]
    [InlineData(4.24, "4.2 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(273600, "3 d 04 h")]
    [InlineData(-3, "0 ms")]
    public void Text_Duration_ReadsLikeThis(double seconds, string expected) => Assert.Equal(expected, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(4_200_000, "4.2 MB")]
    [InlineData(999_960_000, "1.0 GB")]
    [InlineData(123_456_789_000, "123 GB")]
    public void Bytes_Size_ReadsLikeThis(long bytes, string expected) => Assert.Equal(expected, Durations.Bytes(bytes));
}
