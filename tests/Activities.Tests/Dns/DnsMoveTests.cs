using System.Net;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Activities.Dns.Resolvers;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows.Dns;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>A switch as its clients see it: Route 53's API is a real server, and a real DNS server answers from it as Route 53's name servers would.</summary>
public sealed class DnsMoveTests(MotoRoute53 moto) : IClassFixture<MotoRoute53>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_PlanAwayFromARegion_MovesTheAnswersAndTheUndoMovesThemBack()
    {
        string id = await MakeAsync();
        await moto.PutAsync(id, DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.East, 100, "127.0.0.1"));
        await moto.PutAsync(id, DnsTargets.Weighted(DnsTargets.Rpc, DnsTargets.West, 0, "127.0.0.2"));
        using var zones = MotoRoute53.Zones();
        DnsTarget target = Rpc(DnsTargets.Of(moto.Url.AbsoluteUri));
        IDnsZone zone = zones.Of(target);
        await using PeerProgram server = Serve(out DnsResolver resolver);
        await AnswersAsync(resolver, "127.0.0.1");

        DnsPlan plan = DnsPlanner.Away(target, await zone.LookAsync(Token), DnsTargets.East, DnsTargets.West, [DnsTargets.West]);
        Assert.Empty(plan.Problems);
        DnsApplied applied = await zone.ApplyAsync(plan.Changes, "run-1", Token);

        Assert.True(await zone.InSyncAsync(applied.Change!, Token));
        await AnswersAsync(resolver, "127.0.0.2");

        await zone.ApplyAsync(DnsPlanner.Back(plan.Changes, applied.Records), "run-1 undo", Token);
        await AnswersAsync(resolver, "127.0.0.1");
    }

    [Fact]
    public async Task Throw_SwitchOfALatencyRecord_MovesTheAnswersWhileTheApiIsAway()
    {
        using var folder = new TempFolder();
        await using var bucket = new FaultyServer((_, request) =>
            File.Exists(folder.File(request.Split(' ')[1].TrimStart('/'))) ? FaultyServer.Answer(200, "{}") : FaultyServer.Answer(404, ""));
        await using var api = new MotoRoute53();
        await api.StartAsync();
        string id = await api.MakeZoneAsync();
        DnsTarget target = Rpc(DnsTargets.Of(api.Url.AbsoluteUri, switches: folder.Path, switchUrl: bucket.Url.AbsoluteUri));
        foreach (var (region, address) in new[] { (DnsTargets.East, "127.0.0.1"), (DnsTargets.West, "127.0.0.2") })
        {
            await api.PutAsync(id, DnsTargets.Weighted(DnsTargets.Rpc, region, 0, address) with { Weight = null }, Activities.Dns.Route53.Xml.Of("Region", region));
        }

        using var zones = MotoRoute53.Zones();
        IDnsZone zone = zones.Of(target);
        DnsSwitchSpec spec = target.Dns.Switches[0];
        DnsPlan bare = DnsPlanner.Away(target, await zone.LookAsync(Token), DnsTargets.East, DnsTargets.West, [DnsTargets.West]);
        Assert.Contains("dns prepare", Assert.Single(bare.Problems), StringComparison.Ordinal);

        // In peacetime.
        string check = await zone.EnsureCheckAsync(spec, Token);
        DnsObservation before = await zone.LookAsync(Token);
        await zone.AttachAsync([.. before.Records.Where(record => record.Region == DnsTargets.East)], check, Token);
        DnsPlan plan = DnsPlanner.Away(target, await zone.LookAsync(Token), DnsTargets.East, DnsTargets.West, [DnsTargets.West]);
        Assert.True(plan.Switch, string.Join("; ", plan.Problems));
        await using PeerProgram server = Serve(out DnsResolver resolver, api.Url, "--region", DnsTargets.East);
        await AnswersAsync(resolver, "127.0.0.1");

        await api.DisposeAsync();
        var board = new DnsSwitchBoard(new ObjectStoreFactory());
        DnsThrown thrown = await board.ThrowAsync(spec, "run-1", Token);

        Assert.Equal("run-1", thrown.By);
        await AnswersAsync(resolver, "127.0.0.2");
        Assert.Equal("run-1", (await board.ThrowAsync(spec, "run-2", Token)).By);
        var other = await Assert.ThrowsAsync<ApplicationFailureException>(() => board.BackAsync(spec, "run-2", Token));
        Assert.Equal(ErrorTypes.Conflict, other.ErrorType);
        Assert.True(await board.BackAsync(spec, "run-1", Token));
        Assert.False(await board.BackAsync(spec, "run-1", Token));
        Assert.Null(await board.LookAsync(spec, Token));
        await AnswersAsync(resolver, "127.0.0.1");
    }

    [Fact]
    public async Task Ask_NobodyAnswersOrNoSuchName_IsAProblemAndNoAnswer()
    {
        var silent = new DnsResolver(new(IPAddress.Loopback, FreePorts.One()));
        ResolverAnswer none = await silent.AskAsync(DnsTargets.Rpc, "A", Token);
        await MakeAsync();
        await using PeerProgram server = Serve(out DnsResolver resolver);
        await Eventually.TrueAsync("the DNS server knows no such name", TimeSpan.FromSeconds(30), async () => (await resolver.AskAsync("no." + DnsTargets.Rpc, "A", Token)).Problem!.Contains("Non-Existent", StringComparison.Ordinal), Token);

        Assert.Empty(none.Addresses);
        Assert.Contains("127.0.0.1:", none.Problem, StringComparison.Ordinal);
    }

    private static DnsTarget Rpc(DnsTarget target) => target with { Dns = target.Dns with { Names = [target.Dns.Names[0]] } };

    private static Task AnswersAsync(DnsResolver resolver, string address) => Eventually.TrueAsync(
        $"the answer is {address}", TimeSpan.FromSeconds(60), async () => (await resolver.AskAsync(DnsTargets.Rpc, "A", Token)).Addresses is [var only] && only == address, Token);

    private PeerProgram Serve(out DnsResolver resolver) => Serve(out resolver, moto.Url);

    private static PeerProgram Serve(out DnsResolver resolver, Uri api, params string[] more)
    {
        int port = FreePorts.One();
        resolver = new(new(IPAddress.Loopback, port));
        return PeerProgram.Start("route53-dns", ["--port", $"{port}", "--endpoint", api.AbsoluteUri.TrimEnd('/'), "--interval", "0.2", .. more]);
    }

    private async Task<string> MakeAsync()
    {
        await moto.StartAsync();
        return await moto.MakeZoneAsync();
    }
}
