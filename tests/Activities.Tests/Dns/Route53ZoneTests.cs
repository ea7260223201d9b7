using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Activities.Dns.Route53;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>The contract, and what only Route 53 has, on a real server that speaks its API.</summary>
public sealed class Route53ZoneTests(MotoRoute53 moto) : DnsZoneContract, IClassFixture<MotoRoute53>, IDisposable
{
    private readonly Route53Zones _zones = MotoRoute53.Zones();
    private string _zone = "";

    [Fact]
    public async Task Look_EachKindOfRouting_IsRecognised()
    {
        IDnsZone zone = await EmptyAsync();
        await moto.PutAsync(_zone, Record("a") with { Weight = null }, Xml.Of("Region", DnsTargets.East));
        await moto.PutAsync(_zone, Record("b") with { Name = DnsTargets.Api, Weight = null }, Xml.Of("Failover", "PRIMARY"));
        await moto.PutAsync(_zone, Xml.Of(
            "ResourceRecordSet", Xml.Of("Name", DnsTargets.Api), Xml.Of("Type", "A"), Xml.Of("SetIdentifier", "c"), Xml.Of("Weight", 3),
            Xml.Of("AliasTarget", Xml.Of("HostedZoneId", "Z2"), Xml.Of("DNSName", "lb.example.org."), Xml.Of("EvaluateTargetHealth", "true"))));

        DnsRecord[] records = [.. (await zone.LookAsync(Token)).Records];

        Assert.Equal([DnsRouting.Latency, DnsRouting.Failover, DnsRouting.Weighted], records.Select(record => record.Routing));
        Assert.Equal((null, "lb.example.org."), (records[2].Ttl, records[2].Leads[0]));

        // All of an alias but its weight stays as it is.
        DnsApplied applied = await zone.ApplyAsync([new(records[2], 0)], "run-1", Token);
        Assert.Equal(records[2].Source.Replace(">3<", ">0<", StringComparison.Ordinal), applied.Records[0].Source);
        var refused = await Assert.ThrowsAsync<ApplicationFailureException>(() => zone.ApplyAsync([new(records[0], 0)], "run-1", Token));
        Assert.Contains("not weighted", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task EnsureCheck_OneThatTakesNobodyOut_IsEnabledAndInverted(bool inverted, bool disabled)
    {
        IDnsZone zone = await EmptyAsync();
        string there = await moto.MakeCheckAsync(new(Target.Dns.Switches[0].Url), inverted, disabled);
        DnsCheck before = Assert.Single((await zone.LookAsync(Token)).Checks);
        Assert.Equal((there, DnsTargets.East, inverted, disabled), (before.Id, before.Switch, before.Inverted, before.Disabled));

        Assert.Equal(there, await zone.EnsureCheckAsync(Target.Dns.Switches[0], Token));

        DnsCheck after = Assert.Single((await zone.LookAsync(Token)).Checks);
        Assert.Equal((there, true, false), (after.Id, after.Inverted, after.Disabled));
    }

    [Fact]
    public async Task Look_CheckOfTheApplication_SaysWhatTheCheckersSayAndNobodyElsesIsShown()
    {
        IDnsZone zone = await EmptyAsync();
        string check = await moto.MakeCheckAsync(new("https://lb.example.org/health"), inverted: false, disabled: false);
        await moto.MakeCheckAsync(new("https://somebody.example.org/health"), inverted: false, disabled: false);
        await moto.PutAsync(_zone, Record(DnsTargets.East) with { Check = check });

        DnsCheck seen = Assert.Single((await zone.LookAsync(Token)).Checks);

        Assert.Equal((check, "https://lb.example.org/health", null, true), (seen.Id, seen.Url, seen.Switch, seen.Healthy));
    }

    [Fact]
    public async Task Look_NoSuchZoneOrSeveral_IsSaid()
    {
        await moto.StartAsync();
        var none = await Assert.ThrowsAsync<ApplicationFailureException>(() => _zones.Of(Target).LookAsync(Token));
        await moto.MakeZoneAsync();
        string second = await moto.MakeZoneAsync();
        var several = await Assert.ThrowsAsync<ApplicationFailureException>(() => _zones.Of(Target).LookAsync(Token));

        Assert.Equal((ErrorTypes.NotFound, true), (none.ErrorType, none.NonRetryable));
        Assert.Equal(ErrorTypes.NotConfigured, several.ErrorType);
        Assert.Contains(second, several.Message, StringComparison.Ordinal);
        Assert.Equal(second, (await _zones.Of(Target with { Dns = Target.Dns with { ZoneId = second } }).LookAsync(Token)).Zone);
    }

    public void Dispose() => _zones.Dispose();

    protected override DnsTarget Target => DnsTargets.Of(moto.Url.AbsoluteUri, switches: "/srv/switch");

    protected override async Task<IDnsZone> EmptyAsync()
    {
        await moto.StartAsync();
        _zone = await moto.MakeZoneAsync();
        return _zones.Of(Target);
    }

    protected override Task PutAsync(DnsRecord record) => moto.PutAsync(_zone, record);

    private static DnsRecord Record(string identifier) => DnsTargets.Weighted(DnsTargets.Rpc, identifier, 1, "127.0.0.1");
}
