using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task StartAsync_AnyPort_ListensOnLoopback()
    {
        await using var engine = await EmbeddedEngine.StartAsync(new EngineOptions(), TestContext.Current.CancellationToken);

        Assert.StartsWith("127.0.0.1:", engine.TargetHost, StringComparison.Ordinal);
        Assert.Null(engine.AccessKey);
        Assert.Null(engine.DataFile);
    }
}
