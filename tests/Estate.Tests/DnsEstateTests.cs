using VirtEngine.DR.Contracts.Estates;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>The section <c>dns</c>: what it becomes, and each mistake in it.</summary>
public sealed class DnsEstateTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        { "{ names: [{ name: a.b.c }] }", "dns.zone", "missing" },
        { "{ zone: b.c }", "dns.names", "missing" },
        { "{ zone: b.c, names: [] }", "dns.names", "At least one entry" },
        { "{ zone: b.c., names: [{ name: a.b.c }] }", "dns.zone", "no domain's name" },
        { "{ zone: b.c, names: [{ name: A.b.c }] }", "dns.names[0].name", "no domain's name" },
        { "{ zone: b.c, names: [{ name: a.b.d }] }", "dns.names[0].name", "ends with .b.c" },
        { "{ zone: b.c, names: [{ name: ab.c }] }", "dns.names[0].name", "ends with .b.c" },
        { "{ zone: b.c, names: [{ name: a.b.c }, { name: a.b.c }] }", "dns.names[1].name", "dns.names[0].name already" },
        { "{ zone: b.c, names: [{ name: a.b.c, type: MX }] }", "dns.names[0].type", "A, AAAA, CNAME" },
        { "{ zone: b.c, names: [{ name: b.c, type: CNAME }] }", "dns.names[0].type", "cannot be a CNAME" },
        { "{ zone: b.c, names: [{ name: a.b.c, weight: 0 }] }", "dns.names[0].weight", "from 1 to 255" },
        { "{ zone: b.c, names: [{ name: a.b.c, sets: [{ region: wets, identifier: w }] }] }", "dns.names[0].sets[0].region", "Did you mean 'west'?" },
        { "{ zone: b.c, names: [{ name: a.b.c, sets: [{ region: west, identifier: w }, { region: east, identifier: w }] }] }", "dns.names[0].sets[1].identifier", "sets[0].identifier already" },
        { "{ zone: b.c, names: [{ name: a.b.c }], zoneId: /hostedzone/Z1 }", "dns.zoneId", "without /hostedzone/" },
        { "{ zone: b.c, names: [{ name: a.b.c }], endpoint: aws }", "dns.endpoint", "not an http" },
        { "{ zone: b.c, names: [{ name: a.b.c }], ttl: 2h }", "dns.ttl", "From 1s to 1h" },
        { "{ zone: b.c, names: [{ name: a.b.c }], exclusiv: true }", "dns.exclusiv", "Did you mean 'exclusive'?" },
        { "{ zone: b.c, names: [{ name: a.b.c }], switches: [{ region: east, url: 'https://h/k' }] }", "dns.switches[0].bucket", "missing" },
        { "{ zone: b.c, names: [{ name: a.b.c }], switches: [{ region: east, url: 'https://h/k/', bucket: { url: 's3://bucket', region: west } }] }", "dns.switches[0].url", "names no object" },
        { "{ zone: b.c, names: [{ name: a.b.c }], switches: [{ region: east, url: 'https://h/k', bucket: { url: 's3://bucket', region: east } }] }", "dns.switches[0].bucket.region", "lost with east" },
        { "{ zone: b.c, names: [{ name: a.b.c }], switches: [{ region: north, url: 'https://h/k', bucket: { url: 's3://bucket', region: east } }] }", "dns.switches[0].region", "There are: east, west" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_OneMistake_IsFoundAloneAtItsField(string dns, string path, string part)
    {
        var problem = Assert.Single(BaseEstate.Problems(BaseEstate.With("name: small", "name: small\ndns: " + dns)));

        Assert.Equal((path, 2), (problem.Path, problem.Line));
        Assert.Contains(part, $"{problem.Message} {problem.Allowed}", StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralMistakes_AreSaidAtOnce()
    {
        var problems = BaseEstate.Problems(BaseEstate.With("name: small", "name: small\ndns: { zone: b.c, ttl: 2h, names: [{ name: a.b.d, weight: 300 }], switches: [{ region: no, url: x }] }"));

        Assert.Equal(
            ["dns.names[0].name", "dns.names[0].weight", "dns.switches[0].bucket", "dns.switches[0].region", "dns.switches[0].url", "dns.ttl"],
            problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RegionOf_Identifier_IsTheRegionsNameUnlessSaidOtherwise()
    {
        var name = new DnsNameSpec { Name = "a.b.c", Sets = [new("east", "blue")] };

        Assert.Equal(("east", "west", null, null), (name.RegionOf("blue", ["east", "west"]), name.RegionOf("west", ["east", "west"]), name.RegionOf("east", ["east", "west"]), name.RegionOf("x", ["east"])));
    }
}
