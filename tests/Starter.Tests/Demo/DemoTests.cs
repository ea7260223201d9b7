using System.Globalization;
using System.Text.Json.Nodes;
using VirtEngine.DR.Starter.Demo;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Demo;

/// <summary>The demo as a new user starts it, as a process of its own.</summary>
public sealed class DemoTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "virtengine-dr");

    [Fact]
    public async Task Demo_WithoutTerminal_ProvesEverythingAndLeavesNothingRunning()
    {
        using var folder = new ScratchFolder();
        await using var demo = ChildProgram.Start(Program, ["demo", "--dir", folder["demo"], "--output", "json"]);
        var code = await demo.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(code == 0, demo.Output);
        var summary = JsonNode.Parse(demo.Output[demo.Output.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.True(summary["proven"]!.GetValue<bool>());
        Assert.True(File.Exists(summary["report"]!.GetValue<string>()));
        Assert.Empty(FolderProcesses.Find(folder["demo"]));
    }

    [Fact]
    public async Task Demo_Terminated_EndsWithInterruptedAndLeavesNothingRunning()
    {
        using var folder = new ScratchFolder();
        await using var demo = ChildProgram.Start(Program, ["demo", "--dir", folder["demo"]]);
        await Eventually.TrueAsync(
            "nodes run", TimeSpan.FromSeconds(60), () => Task.FromResult(FolderProcesses.Find(folder["demo"]).Count >= 4), TestContext.Current.CancellationToken);
        await ChildProgram.RunAsync("kill", ["-TERM", demo.Pid.ToString(CultureInfo.InvariantCulture)], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Interrupted, await demo.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Empty(FolderProcesses.Find(folder["demo"]));
    }

    [Fact]
    public async Task Demo_FolderThatIsNotEmpty_EndsWithTwoAndTouchesNothing()
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["mine.txt"], "mine", TestContext.Current.CancellationToken);
        await using var demo = ChildProgram.Start(Program, ["demo", "--dir", folder.Path]);
        Assert.Equal(ExitCodes.Usage, await demo.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("is not empty", demo.Output, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder["mine.txt"], TestContext.Current.CancellationToken));
    }
}
