using System.Net;
using System.Text.Json;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Simulation.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Nodes;

/// <summary>The shapes that clients of CometBFT rely on.</summary>
public sealed class RpcTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private LiveNetwork live = null!;
    private RpcClient rpc = null!;

    public async ValueTask InitializeAsync()
    {
        live = await LiveNetwork.StartAsync(new MiniNetworkOptions(folder["net"]) { BlockTime = TimeSpan.FromMilliseconds(20), Accounts = 100, WritesPerBlock = 5 });
        rpc = live.Rpc("fullnode-0");
        await rpc.ReachesAsync(3);
    }

    public async ValueTask DisposeAsync()
    {
        rpc.Dispose();
        await live.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Get_EachMethod_HasTheEnvelope()
    {
        foreach (var method in new[] { "health", "status", "block", "header", "commit", "validators", "net_info", "genesis", "abci_info", "consensus_state" })
        {
            var (status, body) = await rpc.AskAsync(method);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal("2.0", body.GetProperty("jsonrpc").GetString());
            Assert.Equal(JsonValueKind.Object, body.GetProperty("result").ValueKind);
        }
    }

    [Fact]
    public async Task Get_Numbers_AreStringsAndHashesUpperCaseHex()
    {
        var status = await rpc.GetAsync("status");
        Assert.Equal(JsonValueKind.String, status.GetProperty("sync_info").GetProperty("latest_block_height").ValueKind);
        Assert.Matches("^[0-9A-F]{64}$", status.GetProperty("sync_info").GetProperty("latest_app_hash").GetString());
        Assert.Equal("0", status.GetProperty("validator_info").GetProperty("voting_power").GetString());
        Assert.Equal("1", (await rpc.GetAsync("net_info")).GetProperty("n_peers").GetString());
        Assert.Equal("1", (await rpc.GetAsync("validators")).GetProperty("total").GetString());
        Assert.Equal("minichain-1", (await rpc.GetAsync("genesis")).GetProperty("genesis").GetProperty("chain_id").GetString());
    }

    [Fact]
    public async Task Get_BlockAtHeight_FollowsTheOneBefore()
    {
        var first = await rpc.GetAsync("block?height=1");
        var second = await rpc.GetAsync("block?height=2");
        Assert.Equal(
            first.GetProperty("block_id").GetProperty("hash").GetString(),
            second.GetProperty("block").GetProperty("header").GetProperty("last_block_id").GetProperty("hash").GetString());
    }

    [Fact]
    public async Task Get_HeightInTheFuture_IsAnError()
    {
        var (status, body) = await rpc.AskAsync("block?height=99999999");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains("must be less than or equal to the current blockchain height", body.GetProperty("error").GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_JsonRpc_AnswersWithItsId()
    {
        var body = await rpc.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"block","params":{"height":"2"}}""");
        Assert.Equal(7, body.GetProperty("id").GetInt32());
        Assert.Equal("2", body.GetProperty("result").GetProperty("block").GetProperty("header").GetProperty("height").GetString());
    }

    [Fact]
    public async Task Get_UnknownMethod_IsNotFound()
    {
        var (status, body) = await rpc.AskAsync("dump_everything");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(-32601, body.GetProperty("error").GetProperty("code").GetInt32());
    }
}
