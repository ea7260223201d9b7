using System.Text;
using VirtEngine.DR.Estates.Init;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class GenesisFactsTests
{
    [Fact]
    public void Read_GenesisLargerThanEveryBuffer_IsStreamed()
    {
        using var folder = new TempFolder();
        var text = new StringBuilder("{\"app_state\":{\"accounts\":[");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append("{\"address\":\"ve1aaaaaaaaaaaaaaaaaaaaaaaaa\"},");
        }

        text.Append("{\"long\":\"").Append('x', 300_000).Append("\"}],\"key\":\"the-key\"},\"chain_id\":\"virtengine-1\"}");
        var file = folder.Write("genesis.json", text.ToString());

        Assert.Equal(new GenesisFacts("virtengine-1", true), GenesisFacts.Read(file, "the-key"));
        Assert.Equal(new GenesisFacts("virtengine-1", false), GenesisFacts.Read(file, "another"));
    }

    [Theory]
    [InlineData("{\"chain_id\": ")]
    [InlineData("not json")]
    public void Read_TornGenesis_SaysSo(string content)
    {
        using var folder = new TempFolder();

        var e = Assert.Throws<EstateInitException>(() => GenesisFacts.Read(folder.Write("genesis.json", content), null));

        Assert.Contains("not valid JSON", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://0.0.0.0:26657", "http://127.0.0.1:26657")]
    [InlineData("tcp://10.0.0.5:26657", "http://10.0.0.5:26657")]
    [InlineData("tcp://[::]:26657", "http://127.0.0.1:26657")]
    [InlineData("unix:///var/run/rpc.sock", null)]
    [InlineData("", null)]
    public void RpcUrl_ListenAddress_IsReachedFromItsHost(string listen, string? url) => Assert.Equal(url, NodeHome.RpcUrl(listen));
}
