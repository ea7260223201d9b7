using System.Net;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Activities.Dns.Clients;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>Clients of a lost region on loopback: real DNS answers, real connections.</summary>
public sealed class ClientProofTests(MotoRoute53 moto) : IClassFixture<MotoRoute53>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_RegionIsLostAndLedAwayFrom_IsProvenOnlyThenAndCountsWhatFailed(bool hangs)
    {
        int port = FreePorts.One();
        await using var east = new StandIn("127.0.0.1", port);
        await using var west = new StandIn("127.0.0.2", port);
        await moto.StartAsync();
        string id = await moto.MakeZoneAsync();
        await moto.PutAsync(id, DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.East, 100, "127.0.0.1", ttl: 1));
        await moto.PutAsync(id, DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.West, 0, "127.0.0.2", ttl: 1));
        int dns = FreePorts.One();
        await using PeerProgram server = PeerProgram.Start("route53-dns", ["--port", $"{dns}", "--endpoint", moto.Url.AbsoluteUri.TrimEnd('/')]);
        var query = new ClientQuery
        {
            Url = new($"http://{DnsTargets.Rpc}:{port}/"),
            Resolvers = [new(IPAddress.Loopback, dns)],
            Within = TimeSpan.FromSeconds(60),
            Pause = TimeSpan.FromMilliseconds(50),
            Patience = TimeSpan.FromSeconds(2),
        };

        ClientReport well = await ClientProof.RunAsync(query, Token);
        Assert.True(well.Proven, string.Join("; ", well.Lines));
        Assert.Equal(1, well.Share);

        // One client keeps one connection, the other makes one for each request.
        Assert.InRange(east.Connections, 1 + (well.Lines[1].Requests - well.Lines[1].Failed), 1 + well.Requests);

        if (hangs)
        {
            east.Hangs = true;
        }
        else
        {
            await east.DisposeAsync();
        }

        ClientReport lost = await ClientProof.RunAsync(query with { Within = TimeSpan.FromSeconds(1), Lost = ["127.0.0.1"] }, Token);
        Assert.Equal((false, 0.0, null), (lost.Proven, lost.Share, lost.After));
        Assert.Equal(lost.Requests, lost.Failed);

        Task<ClientReport> proof = ClientProof.RunAsync(query with { Lost = ["127.0.0.1"] }, Token);
        using var zones = MotoRoute53.Zones();
        DnsTarget target = DnsTargets.Of(moto.Url.AbsoluteUri);
        target = target with { Dns = target.Dns with { Names = [target.Dns.Names[0]] } };
        IDnsZone zone = zones.Of(target);
        DnsPlan plan = DnsPlanner.Away(target, await zone.LookAsync(Token), DnsTargets.East, DnsTargets.West, [DnsTargets.West]);
        await zone.ApplyAsync(plan.Changes, "run-1", Token);

        ClientReport moved = await proof;
        Assert.True(moved.Proven, string.Join("; ", moved.Lines));
        Assert.Equal(1, moved.Share);
        Assert.NotNull(moved.After);
        Assert.All(moved.Lines, line => Assert.Equal("200 from 127.0.0.2", line.Last));
        TestContext.Current.TestOutputHelper?.WriteLine($"hangs {hangs}: {moved.Failed} of {moved.Requests} requests failed, mark reached after {moved.After!.Value.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Run_ArrivesAtTheLostRegion_HasNotArrived()
    {
        int port = FreePorts.One();
        await using var east = new StandIn("127.0.0.1", port);
        await moto.StartAsync();
        await moto.PutAsync(await moto.MakeZoneAsync(), DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.East, 100, "127.0.0.1"));
        int dns = FreePorts.One();
        await using PeerProgram server = PeerProgram.Start("route53-dns", ["--port", $"{dns}", "--endpoint", moto.Url.AbsoluteUri.TrimEnd('/')]);
        var query = new ClientQuery { Url = new($"http://{DnsTargets.Rpc}:{port}/"), Resolvers = [new(IPAddress.Loopback, dns)], Within = TimeSpan.FromSeconds(60), Rounds = 1 };
        Assert.True((await ClientProof.RunAsync(query, Token)).Proven);

        ClientReport lost = await ClientProof.RunAsync(query with { Lost = ["127.0.0.1"], Within = TimeSpan.FromMilliseconds(1) }, Token);

        Assert.False(lost.Proven);
        Assert.All(lost.Lines, line => Assert.Equal("200 from 127.0.0.1 (lost region)", line.Last));
    }

    [Fact]
    public async Task Run_WrongQuery_SaysAllAtOnce()
    {
        var refused = await Assert.ThrowsAsync<ApplicationFailureException>(() => ClientProof.RunAsync(new() { Url = new("ftp://a/"), Type = "MX", Resolvers = [], Mark = 2, Within = TimeSpan.Zero }, Token));

        Assert.Equal(ErrorTypes.InvalidInput, refused.ErrorType);
        Assert.Equal(5, refused.Message.Split("; ").Length);
    }
}
