using System.Diagnostics;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests.Compose;

/// <summary>The set-up job of <c>temporal-compose.yml</c>, its own lines, against a real server.</summary>
public sealed class ComposeSetupTests
{
    [Fact]
    public async Task Setup_RunTwice_MakesNamespaceAndSearchAttributesOnce()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "temporal")));
        Assert.SkipWhen(!found && Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") != "1", "temporal is not on PATH");
        var port = FreePorts.One();
        var address = $"127.0.0.1:{port}";
        using var server = Start("temporal", [], "server", "start-dev", "--headless", "--port", $"{port}", "--log-level", "never");
        try
        {
            // Answers only when the server does, so it is the condition that is waited for.
            await Eventually.TrueAsync("the server answers", TimeSpan.FromMinutes(1), async () => await Run("temporal", [], "operator", "cluster", "health", "--address", address) == 0, TestContext.Current.CancellationToken);
            var setup = YamlJson.Read(Repository.Read("temporal-compose.yml"))["services"]!["setup"]!;
            var script = ((string)setup["command"]![0]!).Replace("$$", "$", StringComparison.Ordinal);
            (string, string)[] environment =
            [
                ("TEMPORAL_ADDRESS", address), ("TEMPORAL_NAMESPACE", (string)setup["environment"]!["TEMPORAL_NAMESPACE"]!),
                ("KEYWORDS", (string)setup["environment"]!["KEYWORDS"]!), ("DATETIMES", (string)setup["environment"]!["DATETIMES"]!),
            ];

            Assert.Equal(0, await Run("sh", environment, "-euc", script));
            Assert.Equal(0, await Run("sh", environment, "-euc", script));

            using var list = Start("temporal", environment, "operator", "search-attribute", "list");
            var text = await list.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.All(SearchAttributeNames.All, a => Assert.Matches($@"{a.Name}\s+{a.ValueType}", text));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<int> Run(string program, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var process = Start(program, environment, arguments);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static Process Start(string program, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
