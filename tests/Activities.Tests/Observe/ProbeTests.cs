using System.Globalization;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Observe;
using VirtEngine.DR.Activities.Observe.Http;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Observe;

/// <summary>The probes against servers over HTTP: what answers is not yet healthy, and what does not is never called bad.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly CometBftRpcFactory _rpcs = new();
    private readonly ProbeHttp _http = new(TimeSpan.FromSeconds(1));

    public static TheoryData<int, string, Health, string> Provider { get; } = new()
    {
        { 200, """{"daemon":{"state":"running"}}""", Health.Healthy, "" },
        { 200, """{"daemon":{"state":"draining"}}""", Health.Unhealthy, HealthFindings.BadAnswer },
        { 200, """{"daemon":{}}""", Health.Unhealthy, HealthFindings.BadAnswer },
        { 200, "running", Health.Unhealthy, HealthFindings.BadAnswer },
        { 503, """{"daemon":{"state":"running"}}""", Health.Unhealthy, HealthFindings.BadAnswer },
        { 302, """{"daemon":{"state":"running"}}""", Health.Unhealthy, HealthFindings.BadAnswer },
    };

    [Theory]
    [MemberData(nameof(Provider))]
    public async Task Look_ProviderStatus_IsJudgedByStatusAndField(int status, string body, Health expected, string finding)
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(status, body));
        var report = await Activities().LookAsync(Query(NodeKind.Provider, new() { Url = server.Url + "status", Field = "daemon.state", Value = "running" }));
        Assert.Equal(expected, report.Health);
        Assert.Equal(finding.Length == 0 ? [] : new[] { finding }, report.Findings);
    }

    [Theory]
    [InlineData(-10, Health.Healthy)]
    [InlineData(-120, Health.Unhealthy)]
    [InlineData(3600, Health.Unknown)]
    public async Task Look_ProviderTime_MustBeRecentAndNotInTheFuture(int seconds, Health expected)
    {
        var time = DateTimeOffset.UtcNow.AddSeconds(seconds);
        var texts = new[] { $"\"{time:O}\"", time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) };
        foreach (var text in texts)
        {
            await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, "{\"jobs\":[{\"at\":" + text + "}]}"));
            var report = await Activities().LookAsync(Query(NodeKind.Provider, new() { Url = server.Url.AbsoluteUri, Field = "jobs.0.at", MaxAge = TimeSpan.FromMinutes(1) }));
            Assert.Equal(expected, report.Health);
        }
    }

    [Fact]
    public async Task Look_NobodyAnswers_IsUnknownAndSilent()
    {
        await using var hangs = new FaultyServer((_, _) => "");
        foreach (var url in new[] { $"http://127.0.0.1:{FreePorts.One()}/", hangs.Url.AbsoluteUri })
        {
            var report = await Activities().LookAsync(Query(NodeKind.Provider, new() { Url = url }));
            Assert.Equal((Health.Unknown, HealthFindings.Silent), (report.Health, Assert.Single(report.Findings)));
        }
    }

    [Theory]
    [InlineData(0, 0, "chain-1", Health.Healthy, "")]
    [InlineData(90, 0, "chain-1", Health.Unhealthy, HealthFindings.OldBlock)]
    [InlineData(0, 50, "chain-1", Health.Unhealthy, HealthFindings.Behind)]
    [InlineData(0, 0, "chain-2", Health.Unhealthy, HealthFindings.WrongChain)]
    public async Task Look_Gateway_IsJudgedByItsNewestBlock(int age, int behind, string chain, Health expected, string finding)
    {
        await using var reference = Rpc(1000, DateTimeOffset.UtcNow);
        await using var server = Rest(1000 - behind, DateTimeOffset.UtcNow.AddSeconds(-age), chain);
        var report = await Activities().LookAsync(Query(NodeKind.Gateway, new() { Url = server.Url.AbsoluteUri }, reference.Url));
        Assert.Equal(expected, report.Health);
        Assert.Equal(finding.Length == 0 ? [] : new[] { finding }, report.Findings);
        Assert.Contains("GET /cosmos/base/tendermint/v1beta1/blocks/latest ", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_GatewayOfAnotherBranch_IsOfAnotherChain()
    {
        await using var reference = Rpc(1000, DateTimeOffset.UtcNow, hash: new string('B', 64));
        await using var server = Rest(1000, DateTimeOffset.UtcNow, "chain-1");
        var report = await Activities().LookAsync(Query(NodeKind.Gateway, new() { Url = server.Url.AbsoluteUri }, reference.Url));
        Assert.Equal((Health.Unhealthy, HealthFindings.WrongChain), (report.Health, Assert.Single(report.Findings)));
    }

    [Fact]
    public async Task Look_GatewayOfAHaltedChain_SaysThatTheChainStands()
    {
        var old = DateTimeOffset.UtcNow.AddMinutes(-10);
        await using var reference = Rpc(1000, old);
        await using var server = Rest(1000, old, "chain-1");
        var report = await Activities().LookAsync(Query(NodeKind.Gateway, new() { Url = server.Url.AbsoluteUri }, reference.Url));
        Assert.Equal(Health.Unhealthy, report.Health);
        Assert.Contains(HealthFindings.ChainStands, report.Findings);
    }

    [Fact]
    public async Task Look_GatewayWithoutReferences_IsNeverHealthy()
    {
        await using var server = Rest(1000, DateTimeOffset.UtcNow, "chain-1");
        Assert.Equal(Health.Unknown, (await Activities().LookAsync(Query(NodeKind.Gateway, new() { Url = server.Url.AbsoluteUri }))).Health);
    }

    [Theory]
    [InlineData(5, Health.Healthy)]
    [InlineData(600, Health.Unhealthy)]
    [InlineData(null, Health.Unhealthy)]
    public async Task Look_Monitoring_NeedsAFreshSample(int? age, Health expected)
    {
        var value = age is { } seconds ? $"[{{\"value\":[1,\"{DateTimeOffset.UtcNow.AddSeconds(-seconds).ToUnixTimeSeconds()}\"]}}]" : "[]";
        await using var server = new FaultyServer((_, request) => FaultyServer.Answer(
            200, request.Contains("/-/ready", StringComparison.Ordinal) ? "Ready" : "{\"status\":\"success\",\"data\":{\"result\":" + value + "}}"));
        Assert.Equal(expected, (await Activities().LookAsync(Query(NodeKind.Monitoring, new() { Url = server.Url.AbsoluteUri }))).Health);
    }

    [Fact]
    public async Task Look_WrongQuery_IsRefusedWithEverythingAtOnce()
    {
        var failure = await Make.FailureAsync(Task.Run(() => Activities().LookAsync(Query(NodeKind.Full, new() { Url = "ftp://a" }))));
        Assert.Equal(ErrorTypes.InvalidInput, failure.ErrorType);
        Assert.Contains("kind is Full", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ftp://a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AwaitHealthy_ComesUpLater_WaitsForItAndFailsWithTheLastReportElse()
    {
        await using var server = new FaultyServer((number, _) => FaultyServer.Answer(number < 3 ? 503 : 200, "{}"));
        var query = Query(NodeKind.Provider, new() { Url = server.Url.AbsoluteUri }) with { Within = TimeSpan.FromSeconds(30) };
        Assert.Equal(Health.Healthy, (await Activities().AwaitHealthyAsync(query)).Health);
        var failure = await Make.FailureAsync(Activities().AwaitHealthyAsync(query with { Probe = query.Probe with { Status = 204 }, Within = TimeSpan.Zero }));
        Assert.Equal(ErrorTypes.Deadline, failure.ErrorType);
        Assert.Contains("answers 200, not 204", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http.Dispose();
        _rpcs.Dispose();
    }

    private ProbeActivities Activities() => new(_http, _rpcs);

    private static ProbeQuery Query(NodeKind kind, ProbeSpec probe, params Uri[] references) => new(
        "n", kind, probe, "chain-1", [.. references.Select((url, i) => new RpcEndpoint("ref-" + i, url.AbsoluteUri))], 20, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));

    private static FaultyServer Rest(long height, DateTimeOffset time, string chain) => new((_, _) => FaultyServer.Answer(
        200, $$$$$"""{"block_id":{"hash":"{{{{{Convert.ToBase64String(Convert.FromHexString(new string('A', 64)))}}}}}"},"block":{"header":{"chain_id":"{{{{{chain}}}}}","height":"{{{{{height}}}}}","time":"{{{{{time:O}}}}}"}}}"""));

    private static FaultyServer Rpc(long height, DateTimeOffset time, string? hash = null) => new((_, request) => FaultyServer.Answer(200, request.Contains("/status", StringComparison.Ordinal)
        ? $$$$$"""{"result":{"node_info":{"network":"chain-1","id":"a"},"sync_info":{"latest_block_height":"{{{{{height}}}}}","latest_block_time":"{{{{{time:O}}}}}","catching_up":false}}}"""
        : $$$$$$"""{"result":{"signed_header":{"header":{"height":"{{{{{{height}}}}}}","time":"{{{{{{time:O}}}}}}","app_hash":"AB"},"commit":{"block_id":{"hash":"{{{{{{hash ?? new string('A', 64)}}}}}}"}}}}}"""));
}
