using System.CommandLine;
using System.Text.Json.Nodes;
using VirtEngine.DR.Starter.Commands;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Commands;

/// <summary>Parsing, help and exit codes, without a server.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_Root_TeachesWithExamplesServerAndExitCodes()
    {
        var io = new TestIo();
        Assert.Equal(0, await io.RunAsync("--help"));
        Assert.Contains("virtengine-dr run RB-DR-006 --node fullnode-0 --watch", io.Output, StringComparison.Ordinal);
        Assert.Contains("TEMPORAL_ADDRESS", io.Output, StringComparison.Ordinal);
        Assert.All(ExitCodes.Table, row => Assert.Contains($"{row.Code,3}  {row.Meaning}", io.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Commands_Each_HasADescriptionAndParsesItsOwnHelp()
    {
        var root = CommandLine.Build(new TestIo().Io);
        Assert.All(Tree(root), command =>
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        });
    }

    [Fact]
    public void Examples_Each_BelongsToACommandAndParses()
    {
        var root = CommandLine.Build(new TestIo().Io);
        foreach (var (path, examples) in Examples.All)
        {
            Assert.True(path.Length == 0 || root.Parse(path + " --help").Errors.Count == 0, path);
            foreach (var line in examples.SelectMany(example => example.Line.Split("&&")))
            {
                var arguments = line.Split('|', '>')[0].Trim()["virtengine-dr".Length..];
                Assert.True(root.Parse(arguments).Errors.Count == 0, $"{line}: {string.Join("; ", root.Parse(arguments).Errors.Select(error => error.Message))}");
            }
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "RB-DR-006")]
    [InlineData("run", "RB-DR-999", "--node", "a")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--at", "yesterday")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--at", "2026-03-01T00:00:00Z", "--backup", "x")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--dry-run", "--mode", "live")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--kind", "keys")]
    [InlineData("run", "RB-DR-001", "--node", "a", "--at", "2026-03-01T00:00:00Z")]
    [InlineData("run", "RB-DR-001", "--node", "a", "--class", "D4")]
    [InlineData("run", "RB-DR-001", "--node", "a", "--cure", "prayer")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--cure", "restart")]
    [InlineData("run", "RB-DR-001", "--node", "a", "--node", "b")]
    [InlineData("run", "RB-DR-006", "--node", "a", "--coordinated", "v2")]
    [InlineData("run", "RB-DR-004", "--node", "a", "--within", "3")]
    [InlineData("recovery-plan", "verify")]
    [InlineData("status", "--output", "yaml")]
    [InlineData("hand-over", "run-1")]
    [InlineData("nonsense")]
    public async Task Parse_WrongCommandLine_EndsWithTwoAndSaysWhereHelpIs(params string[] args)
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync(args));
        Assert.StartsWith("error: ", io.Error, StringComparison.Ordinal);
        Assert.Contains("--help", io.Error, StringComparison.Ordinal);
        Assert.Empty(io.Output);
    }

    [Fact]
    public async Task Parse_SeveralMistakes_AllAreNamed()
    {
        var io = new TestIo();
        await io.RunAsync("run", "RB-DR-999", "--at", "yesterday");
        Assert.Contains("RB-DR-999", io.Error, StringComparison.Ordinal);
        Assert.Contains("--node", io.Error, StringComparison.Ordinal);
        Assert.Contains("yesterday", io.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--zone is missing", "run", "RB-DR-002", "--region", "r1")]
    [InlineData("--region is missing", "run", "ZoneFailback", "--zone", "z1")]
    [InlineData("--node is not for RB-DR-002", "run", "RB-DR-002", "--region", "r1", "--zone", "z1", "--node", "n")]
    [InlineData("--zone is not for RB-DR-001", "run", "RB-DR-001", "--node", "n", "--zone", "z1")]
    [InlineData("--node is missing", "run", "RB-DR-001")]
    [InlineData("--settle is not for RB-DR-002", "run", "RB-DR-002", "--region", "r1", "--zone", "z1", "--settle", "1m")]
    [InlineData("--evict is not for ZoneFailback", "run", "ZoneFailback", "--region", "r1", "--zone", "z1", "--evict", "1m")]
    [InlineData("--watch-for is not for RB-DR-001", "run", "RB-DR-001", "--node", "n", "--watch-for", "1m")]
    [InlineData("--settle is 'soon'; a duration looks like 30s, 5m or 1h, here from 0s to 6h", "run", "ZoneFailback", "--region", "r1", "--zone", "z1", "--settle", "soon")]
    [InlineData("--watch-for is '8d'; a duration looks like 30s, 5m or 1h, here from 0s to 7d", "run", "RB-DR-002", "--region", "r1", "--zone", "z1", "--watch-for", "8d")]
    [InlineData("--rollout is '0s'; a duration looks like 30s, 5m or 1h, here from 1s to 6h", "run", "RB-DR-002", "--region", "r1", "--zone", "z1", "--rollout", "0s")]
    public async Task Parse_WhatARunbookNeedsOrDoesNotTake_IsNamed(string expected, params string[] args)
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync(args));
        Assert.Contains(expected, io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoServerNamed_EndsWithFiveAndSaysEveryWay()
    {
        using var folder = new ScratchFolder();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Unreachable, await io.RunAsync("status", "--estate", folder["none.yaml"]));
        Assert.Contains("--address", io.Error, StringComparison.Ordinal);
        Assert.Contains("TEMPORAL_ADDRESS", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ServerThatIsNotThere_EndsWithFiveAndNamesIt()
    {
        using var folder = new ScratchFolder();
        var io = new TestIo();
        var address = $"127.0.0.1:{FreePorts.One()}";
        Assert.Equal(ExitCodes.Unreachable, await io.RunAsync("status", "--address", address, "--estate", folder["none.yaml"], "-o", "json"));
        var error = JsonNode.Parse(io.Error.Split('\n')[1])!["error"]!;
        Assert.Equal("ServerUnreachable", error["type"]!.GetValue<string>());
        Assert.Equal(ExitCodes.Unreachable, error["exitCode"]!.GetValue<int>());
        Assert.Contains(address, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_WithoutAName_AsksForOne()
    {
        var io = new TestIo();
        io.Environment.Clear();
        Assert.Equal(ExitCodes.Usage, await io.RunAsync("approve"));
        Assert.Contains("--by NAME", io.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);
}
