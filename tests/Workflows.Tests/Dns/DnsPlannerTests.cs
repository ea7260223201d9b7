using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Dns;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Dns;

/// <summary>What a switch away from a region changes, and what it refuses.</summary>
public sealed class DnsPlannerTests
{
    private const string Name = "rpc.example.org";
    private static readonly string[] Regions = ["east", "west", "south"];

    [Fact]
    public void Away_Weighted_TakesOnlyTheFailedRegionToZero()
    {
        var plan = Plan(Target(), [Weighted("east", 100), Weighted("west", 50), Weighted("south", 20)], ["west", "south"]);

        Assert.Empty(plan.Problems);
        Assert.Empty(plan.Warnings);
        Assert.Equal([("east", 0)], plan.Changes.Select(change => (change.From.Identifier, change.Weight)));
        Assert.False(plan.Switch);
    }

    [Fact]
    public void Away_TargetHadNoWeight_GetsTheEstatesInTheSameBatch() =>
        Assert.Equal(
            [("east", 0), ("west", 77)],
            Plan(Target(weight: 77), [Weighted("east", 100), Weighted("west", 0), Weighted("south", 0)], ["west"]).Changes.Select(change => (change.From.Identifier, change.Weight)));

    [Fact]
    public void Away_Exclusive_TakesTheOthersToZeroToo() =>
        Assert.Equal(
            [("east", 0), ("south", 0)],
            Plan(Target(exclusive: true), [Weighted("east", 100), Weighted("west", 50), Weighted("south", 20)], ["west", "south"]).Changes.Select(change => (change.From.Identifier, change.Weight)));

    [Fact]
    public void Away_AnotherRegionKeepsItsWeightUnproven_IsSaid()
    {
        var plan = Plan(Target(), [Weighted("east", 100), Weighted("west", 50), Weighted("south", 20)], ["west"]);

        Assert.Contains("south", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Single(plan.Changes);
    }

    [Fact]
    public void Away_TargetNotProvenHealthy_IsRefusedAndShowsNoChange()
    {
        var plan = Plan(Target(), [Weighted("east", 100), Weighted("west", 50)], ["south"]);

        Assert.Equal("west is not proven healthy", Assert.Single(plan.Problems));
        Assert.Empty(plan.Changes);
    }

    [Fact]
    public void Away_OnlyHealthyRecordHasAFailingCheck_LeavesNoHealthyTarget()
    {
        var plan = Plan(
            Target(), [Weighted("east", 100), Weighted("west", 50, "c1")], ["west"], new DnsCheck("c1", "http://a/", Inverted: false, Disabled: false, Switch: null, Healthy: false));

        Assert.Contains("no healthy target left", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Away_CheckOfTheTargetIsUnknown_IsJudgedByTheProofAlone() =>
        Assert.Empty(Plan(Target(), [Weighted("east", 100), Weighted("west", 50, "c1")], ["west"], new DnsCheck("c1", null, false, false, null, null)).Problems);

    [Fact]
    public void Away_OneOfSeveralNamesHasNoRecordOfTheTarget_ChangesNone()
    {
        var target = Target() with { Dns = Target().Dns with { Names = [new() { Name = Name }, new() { Name = "api.example.org" }] } };

        var plan = Plan(target, [Weighted("east", 100), Weighted("west", 50), Weighted("east", 1) with { Name = "api.example.org" }, Weighted("south", 1) with { Name = "api.example.org" }], ["west", "south"]);

        Assert.Contains("api.example.org A has no record for west", Assert.Single(plan.Problems), StringComparison.Ordinal);
        Assert.Empty(plan.Changes);
    }

    [Theory]
    [InlineData("east", "east", "from east to east")]
    [InlineData("north", "west", "no region 'north'; there are: east, west, south")]
    public void Away_WrongRegions_AreSaid(string from, string to, string part) =>
        Assert.Contains(DnsPlanner.Away(Target(), Now([Weighted("east", 1), Weighted("west", 1)]), from, to, ["west"]).Problems, problem => problem.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData(DnsRouting.Simple)]
    [InlineData(DnsRouting.Other)]
    public void Away_NothingToChooseBy_IsRefused(DnsRouting routing) =>
        Assert.Contains(
            "neither weighted nor by latency or failover", Assert.Single(Plan(Target(), [Weighted("east", 1) with { Routing = routing, Weight = null }, Weighted("west", 1)], ["west"]).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData(DnsRouting.Latency)]
    [InlineData(DnsRouting.Failover)]
    public void Away_ByHealthWithAPreparedSwitch_ThrowsIt(DnsRouting routing)
    {
        var plan = Plan(Target(switches: true), ByHealth(routing, "c1"), ["west"], Switch());

        Assert.Empty(plan.Problems);
        Assert.Empty(plan.Changes);
        Assert.True(plan.Switch);
    }

    [Theory]
    [InlineData(null, false, true, "has no health check")]
    [InlineData("c2", false, true, "could not be read")]
    [InlineData("c1", true, true, "disabled, which counts as healthy")]
    [InlineData("c1", false, false, "is not inverted")]
    public void Away_ByHealthWithoutAWorkingSwitch_SaysWhatToPrepare(string? check, bool disabled, bool inverted, string part)
    {
        var plan = Plan(Target(switches: true), ByHealth(DnsRouting.Latency, check), ["west"], Switch() with { Disabled = disabled, Inverted = inverted });

        var problem = Assert.Single(plan.Problems);
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.Contains("virtengine-dr dns prepare --apply", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Back_AfterAway_HasTheFormerWeights()
    {
        var plan = Plan(Target(), [Weighted("east", 100), Weighted("west", 0)], ["west"]);

        var back = DnsPlanner.Back(plan.Changes, [.. plan.Changes.Select(change => change.From with { Weight = change.Weight, Source = "left" })]);

        Assert.Equal([("east", 100, "left"), ("west", 0, "left")], back.Select(change => (change.From.Identifier, change.Weight, change.From.Source)));
    }

    [Fact]
    public void Findings_AllWell_AreOnlyTheMissingSwitches()
    {
        var findings = DnsReadiness.Findings(Target(), Now([Weighted("east", 100), Weighted("west", 0)]));

        Assert.Equal(3, findings.Count);
        Assert.All(findings, finding => Assert.Contains("has no switch", finding.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(findings, finding => finding.Blocks);
    }

    [Theory]
    [InlineData("ttl", "TTL of 300 s, at most 60 s")]
    [InlineData("zero", "weight 0 everywhere")]
    [InlineData("one", "leads to east only")]
    [InlineData("none", "has no record in the zone")]
    [InlineData("simple", "no run can lead clients away")]
    [InlineData("latency", "there is no switch for east")]
    public void Findings_EachMistake_BlocksAndIsSaid(string mistake, string part)
    {
        DnsRecord[] records = mistake switch
        {
            "ttl" => [Weighted("east", 100) with { Ttl = TimeSpan.FromMinutes(5) }, Weighted("west", 0)],
            "zero" => [Weighted("east", 0), Weighted("west", 0)],
            "one" => [Weighted("east", 1)],
            "none" => [],
            "simple" => [Weighted("east", 1) with { Routing = DnsRouting.Simple, Weight = null }, Weighted("west", 1)],
            _ => ByHealth(DnsRouting.Latency, null),
        };

        Assert.Contains(DnsReadiness.Findings(Target(), Now(records)), finding => finding.Blocks && finding.Text.Contains(part, StringComparison.Ordinal));
    }

    private static DnsPlan Plan(DnsTarget target, DnsRecord[] records, string[] healthy, params DnsCheck[] checks) => DnsPlanner.Away(target, Now(records, checks), "east", "west", healthy);

    private static DnsObservation Now(DnsRecord[] records, params DnsCheck[] checks) => new(DateTimeOffset.UnixEpoch, "Z1", records, checks, []);

    private static DnsTarget Target(bool exclusive = false, int weight = 100, bool switches = false) => new(
        new()
        {
            Zone = "example.org",
            Exclusive = exclusive,
            Names = [new() { Name = Name, Weight = weight }],
            Switches = switches ? [new("east", "https://b.example.net/east", new() { Url = "s3://b", Region = "west" })] : [],
        },
        Regions);

    private static DnsRecord Weighted(string region, int weight, string? check = null) =>
        new(Name, "A", region, region, DnsRouting.Weighted, weight, TimeSpan.FromSeconds(60), ["192.0.2.1"], check, region + weight);

    private static DnsRecord[] ByHealth(DnsRouting routing, string? check) =>
        [Weighted("east", 0, check) with { Routing = routing, Weight = null }, Weighted("west", 0) with { Routing = routing, Weight = null }];

    private static DnsCheck Switch() => new("c1", "https://b.example.net/east", Inverted: true, Disabled: false, "east", Healthy: true);
}
