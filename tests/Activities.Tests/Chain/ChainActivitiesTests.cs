using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Chain;

public sealed class ChainActivitiesTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_RealNode_IsHealthyOnlyWithAReference()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var good = await estate.Chain.AwaitHealthyAsync(estate.Health);
        Assert.Equal(Health.Healthy, good.Health);
        Assert.True(good.Peers > 0);
        Assert.Equal(64, good.AppHash?.Length);
        Assert.Equal(Health.Unknown, (await estate.Chain.HealthAsync(estate.Health with { References = [] })).Health);
        Assert.Equal(Health.Unknown, (await estate.Chain.HealthAsync(estate.Health with { References = [estate.Health.Node with { Node = "alias" }] })).Health);
        Assert.Equal(Health.Unhealthy, (await estate.Chain.HealthAsync(estate.Health with { ChainId = "other-1" })).Health);
        Assert.Equal(Health.Unhealthy, (await estate.Chain.HealthAsync(estate.Health with { AtLeastHeight = 1_000_000 })).Health);
        var observed = await estate.Chain.ObserveAsync(new ChainQuery(estate.Network.ChainId, [estate.Health.Node, new RpcEndpoint("gone", $"http://127.0.0.1:{FreePorts.One()}")]));
        Assert.Equal(["fullnode-0"], observed.Answered);
        Assert.Single(observed.Unreachable);
        Assert.True(observed.Height > 0);
    }

    [Fact]
    public async Task WatchHealth_TheNodeIsStopped_ReturnsLongBeforeItsTimeAndElseAtItsEnd()
    {
        await using var estate = await MiniEstate.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Health.Healthy, (await estate.Chain.WatchHealthAsync(estate.Health with { Within = TimeSpan.FromSeconds(3) })).Health);

        await estate.Nodes.StopAsync(estate.Act("stop"));
        var report = await estate.Chain.WatchHealthAsync(estate.Health with { Within = TimeSpan.FromHours(1) });

        Assert.Equal(Health.Unhealthy, report.Health);
        Assert.Contains(report.Reasons, reason => reason.Contains("times in a row", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UU", false)]
    [InlineData("UUU", true)]
    [InlineData("UUHUU", false)]
    [InlineData("UU?UU", false)]
    [InlineData("?????????", false)]
    [InlineData("..........", true)]
    [InlineData(".........H.........", false)]
    [InlineData("??????????????", false)]
    public void Judge_ARunOfLooks_IsARelapseOnlyWhenItLasts(string looks, bool relapse)
    {
        // U unhealthy, H healthy, ? references away, . the node is silent.
        var watch = new RelapseWatch();
        var seen = looks.Select(look => watch.Judge(new HealthReport(
            DateTimeOffset.UnixEpoch, look switch { 'U' => Health.Unhealthy, 'H' => Health.Healthy, _ => Health.Unknown }, look == '.' ? null : 7, 7, 1, 7, "AB", [])));

        Assert.Equal(relapse, seen.ToList()[^1]?.Health == Health.Unhealthy);
    }

    [Fact]
    public async Task AwaitHealthy_HaltedChain_FailsWithTheLastReport()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.KillValidatorAsync();
        var failure = await Make.FailureAsync(estate.Chain.AwaitHealthyAsync(estate.Health with { Within = TimeSpan.FromSeconds(2), MaxBlockAge = TimeSpan.FromSeconds(1) }));
        Assert.Equal(ErrorTypes.Deadline, failure.ErrorType);
        Assert.True(failure.NonRetryable);
        Assert.Contains("stays at", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Health.Unhealthy, failure.Details.ElementAt<HealthReport>(0).Health);
    }

    [Fact]
    public async Task Health_AppHashDiffersAtTheSameHeight_IsUnhealthy()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        using var rpcs = new CometBftRpcFactory();
        var height = (await rpcs.Create(estate.Full.Rpc).StatusAsync(_token)).Height;
        await using var liar = new FaultyServer((_, request) => FaultyServer.Answer(200, request.Contains("/status", StringComparison.Ordinal) ? Status(estate.Network.ChainId, height) : Commit(height)));
        var report = await estate.Chain.HealthAsync(estate.Health with { References = [new RpcEndpoint("liar", liar.Url.AbsoluteUri)] });
        Assert.Equal(Health.Unhealthy, report.Health);
        Assert.Contains(report.Reasons, reason => reason.Contains("app hash", StringComparison.Ordinal) && reason.Contains("ABCD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_NodeGone_IsUnknown()
    {
        var query = new HealthQuery("c-1", new RpcEndpoint("n", $"http://127.0.0.1:{FreePorts.One()}"), [], 5, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), 0);
        using var rpcs = new CometBftRpcFactory();
        Assert.Equal(Health.Unknown, (await new ChainActivities(rpcs).HealthAsync(query)).Health);
    }

    [Fact]
    public async Task Observe_NobodyAnswers_IsAnAnswer()
    {
        using var rpcs = new CometBftRpcFactory();
        var observed = await new ChainActivities(rpcs).ObserveAsync(new ChainQuery("c-1", [new RpcEndpoint("gone", $"http://127.0.0.1:{FreePorts.One()}")]));
        Assert.Null(observed.Height);
        Assert.Single(observed.Unreachable);
    }

    [Fact]
    public async Task Observe_BadUrls_AreAllNamed()
    {
        using var rpcs = new CometBftRpcFactory();
        var failure = await Make.FailureAsync(Task.Run(() => new ChainActivities(rpcs).ObserveAsync(new ChainQuery("", [new RpcEndpoint("a", "ftp://x"), new RpcEndpoint("b", "")])), _token));
        Assert.Equal(ErrorTypes.InvalidInput, failure.ErrorType);
        Assert.Contains("chainId", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validators_SeveralPages_AreAllRead()
    {
        await using var server = new FaultyServer((_, request) =>
        {
            var second = request.Contains("page=2", StringComparison.Ordinal);
            var validators = Enumerable.Range(second ? 100 : 0, second ? 20 : 100).Select(i => $$"""{"address":"a{{i}}","voting_power":{{(i % 2 == 0 ? "\"7\"" : "7")}}}""");
            return FaultyServer.Answer(200, $$$"""{"jsonrpc":"2.0","id":-1,"result":{"block_height":"5","total":"120","validators":[{{{string.Join(',', validators)}}}]}}""");
        });
        using var rpcs = new CometBftRpcFactory();
        var all = await rpcs.Create(server.Url).ValidatorsAsync(null, _token);
        Assert.Equal(120, all.Count);
        Assert.Equal(840, all.Sum(one => one.VotingPower));
        Assert.Equal("A0", all[0].Address);
        Assert.Contains("height=5", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "not json")]
    [InlineData(502, "<html>")]
    [InlineData(200, "{\"result\":{}}")]
    public async Task Status_NonsenseAnswer_IsATypedError(int status, string body)
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(status, body));
        using var rpcs = new CometBftRpcFactory();
        Assert.True((await Assert.ThrowsAsync<ChainRpcException>(() => rpcs.Create(server.Url).StatusAsync(_token))).Answered);
    }

    private static string Status(string chain, long height) =>
        "{\"result\":{\"node_info\":{\"id\":\"FF\",\"network\":\"" + chain + "\",\"version\":\"0.38\"},\"sync_info\":{\"latest_block_height\":\"" + height
        + "\",\"latest_block_time\":\"2026-01-30T10:00:00.123456789Z\",\"catching_up\":false}}}";

    private static string Commit(long height) =>
        "{\"result\":{\"signed_header\":{\"header\":{\"height\":\"" + height + "\",\"time\":\"2026-01-30T10:00:00Z\",\"app_hash\":\"abcd\"}}}}";
}
