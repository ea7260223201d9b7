using System.Text.Json.Nodes;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Observe;
using VirtEngine.DR.Activities.Observe.Http;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;
using VirtEngine.DR.Peers.Tests.Harness;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>What is looked at beside single nodes, on a real chain: the recovery point, and a gateway's newest block.</summary>
public sealed class ObserveTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rpo_FullNodesOfTwoRegions_LosesNothing_AndOfOneRegionEverything()
    {
        await stage.EnsureFullNodeAsync(Token);
        string estate = Path.Combine(stage.Folder, "estate.yaml"), two = Path.Combine(stage.Folder, "two-regions.yaml");
        string text = await File.ReadAllTextAsync(estate, Token);
        await File.WriteAllTextAsync(two, text.Replace("- name: node1\n    kind: validator", "- name: node1\n    kind: full", StringComparison.Ordinal), Token);

        (int met, string both) = await stage.Cli.TryAsync(Token, "rpo", "--estate", two, "--output", "json");
        (int missed, string one) = await stage.Cli.TryAsync(Token, "rpo", "--estate", estate);

        Assert.Equal(0, met);
        JsonNode report = JsonNode.Parse(both[both.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal(0, report["blocks"]!.GetValue<long>());
        Assert.Equal(["eu-west-1", "us-east-1"], report["regions"]!.AsArray().Select(region => region!.GetValue<string>()));
        Assert.NotNull(report["backups"]![0]!["node"]);
        Assert.Equal(1, missed);
        Assert.Contains("depends on one region", one, StringComparison.Ordinal);
        Assert.Contains("MISSED", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_RealRestOfTheSdk_IsHealthyAndOnlyOfItsOwnChain()
    {
        await stage.EnsureFullNodeAsync(Token);
        using var http = new ProbeHttp();
        using var rpcs = new CometBftRpcFactory();
        var query = new ProbeQuery(
            "gateway", NodeKind.Gateway, new() { Url = stage.Net.Rest(0) }, "labchain-1", [new("node1", stage.Net.Rpc(1)), new("node2", stage.Net.Rpc(2))], 20, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        var probes = new ProbeActivities(http, rpcs);

        HealthReport report = await probes.AwaitHealthyAsync(query);

        Assert.Contains(report.Reasons, reason => reason.StartsWith("its block ", StringComparison.Ordinal) && reason.Contains(" is that of node", StringComparison.Ordinal));
        Assert.Contains(HealthFindings.WrongChain, (await probes.LookAsync(query with { ChainId = "other-1" })).Findings);
    }
}
