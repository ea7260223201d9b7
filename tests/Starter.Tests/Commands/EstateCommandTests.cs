using System.Text.Json.Nodes;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Commands;

/// <summary><c>estate check|show</c>, and the repository commands that need no server.</summary>
public sealed class EstateCommandTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public async Task Check_ValidEstate_EndsWithZeroAndSaysTheDigest()
    {
        var io = new TestIo();
        Assert.Equal(0, await io.RunAsync("estate", "check", "--estate", SmallEstate.Write(folder.Path), "-o", "json"));
        var json = JsonNode.Parse(io.Output)!;
        Assert.True(json["valid"]!.GetValue<bool>());
        Assert.Equal(64, json["digest"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task Check_Mistakes_EndsWithTwoAndNamesAllWithTheirLines()
    {
        var path = SmallEstate.Write(folder.Path);
        await File.WriteAllTextAsync(
            path, (await File.ReadAllTextAsync(path, Token)).Replace("kind: full", "kind: fool", StringComparison.Ordinal).Replace("role: secondary", "role: second", StringComparison.Ordinal), Token);
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync("estate", "check", "--estate", path));
        Assert.Contains("2 mistakes", io.Error, StringComparison.Ordinal);
        Assert.Contains("fool", io.Error, StringComparison.Ordinal);
        Assert.Contains("second", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoFile_EndsWithFourAndSaysHowToMakeOne()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.NotFound, await io.RunAsync("estate", "check", "--estate", folder["none.yaml"]));
        Assert.Contains("estate init", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Text_NamesRegionsAndNodes()
    {
        var io = new TestIo();
        Assert.Equal(0, await io.RunAsync("estate", "show", "--estate", SmallEstate.Write(folder.Path)));
        Assert.Contains("region region-a", io.Output, StringComparison.Ordinal);
        Assert.Contains("node fullnode-0", io.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_NodeThatTheEstateDoesNotHave_EndsWithTwo()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync(
            "worker", "--role", "node", "--node", "other", "--estate", SmallEstate.Write(folder.Path), "--address", "127.0.0.1:1", "--state", folder["state"],
            "--health-port", "0"));
        Assert.Contains("other", io.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker", "--role", "node")]
    [InlineData("worker", "--role", "control", "--node", "fullnode-0")]
    [InlineData("worker")]
    [InlineData("backup", "verify", "--rung", "5")]
    [InlineData("backup", "export")]
    public async Task Parse_WrongCommandLine_EndsWithTwo(params string[] args) => Assert.Equal(ExitCodes.Usage, await new TestIo().RunAsync(args));

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
