using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A validator of a real chain is put under the interlock while it signs, and goes on through its gate.</summary>
public sealed class SignerEnrolmentTests
{
    private const string Node = "node0";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enrol_AValidatorThatSigns_ThenItsGate_SignsOnWithoutEvidence()
    {
        using var folder = new ScratchFolder();
        await using LabNet net = await LabNet.StartAsync(folder["net"], 4, "full", Token);
        var bench = new SignerBench(folder["signing"], net);
        string estate = await EstateAsync(folder.Path, net, bench);
        var cli = new Cli(estate, "127.0.0.1:1");
        await net.ReachesAsync(1, 3, Long, Token);

        (int early, string words) = await cli.With(bench.Variables(Node)).TryAsync(Token, "signer", "enrol", "--node", Node, "--by", "alice");
        Assert.True(early == 2 && words.Contains("signer register init", StringComparison.Ordinal), words);
        await SignerBench.InitAsync(cli, estate, Token);
        JsonNode enrolled = await bench.EnrolAsync(cli, Node, Token);
        Assert.Equal(("enrolled", 1), (enrolled["end"]!.GetValue<string>(), enrolled["epoch"]!.GetValue<int>()));
        Assert.Equal("already", (await bench.EnrolAsync(cli, Node, Token))["end"]!.GetValue<string>());

        // The same key on another machine is refused, for good.
        Directory.Move(bench.Root(Node), bench.Root(Node) + "-away");
        File.WriteAllText(Path.Combine(folder["signing"], "hosts", Node, "sys/class/dmi/id/product_uuid"), "uuid-of-another");
        (int refused, string why) = await cli.With(bench.Variables(Node)).TryAsync(Token, "signer", "enrol", "--node", Node, "--by", "alice");
        Assert.True(refused == 3 && why.Contains("never by enrolling again", StringComparison.Ordinal), why);
        bench.SignerYaml(Node);
        Directory.Delete(bench.Root(Node), recursive: true);
        Directory.Move(bench.Root(Node) + "-away", bench.Root(Node));

        await LabNet.RunAsync(["stop", net.Folder, Node], Token);
        await using (ChildProgram gated = Start(cli, bench))
        {
            await SignsAsync(net, bench.Address(Node), gated);
            await using ChildProgram second = Start(cli, bench);
            Assert.Equal(3, await second.WaitAsync(Token));
            Assert.Contains("lock is held", second.Output, StringComparison.Ordinal);
        }

        // Killed; another boot; the gate asks and lets it go on.
        bench.Boot(Node, "boot-2");
        await using ChildProgram again = Start(cli, bench);
        await SignsAsync(net, bench.Address(Node), again);
        long tip = (await net.HeightAsync(1, Token))!.Value;
        for (long height = 1; height <= tip; height++)
        {
            JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{net.Rpc(1)}/block?height={height}", Token);
            Assert.Empty(block!["result"]!["block"]!["evidence"]!["evidence"]!.AsArray());
        }
    }

    private static ChildProgram Start(Cli cli, SignerBench bench) => cli.With(bench.Variables(Node)).Start([.. bench.GatedStart(Node).Skip(1)]);

    /// <summary>Its signature is in a commit above the present height.</summary>
    private static async Task SignsAsync(LabNet net, string address, ChildProgram signer)
    {
        long from = (await net.HeightAsync(1, Token))!.Value + 2;
        await Eventually.TrueAsync("the gated validator signs", Long, async () =>
        {
            if (signer.HasExited)
            {
                throw new InvalidOperationException(signer.Output);
            }

            long tip = await net.HeightAsync(1, Token) ?? 0;
            for (long height = from; height < tip; height++)
            {
                JsonNode? commit = await Http.GetFromJsonAsync<JsonNode>(string.Create(CultureInfo.InvariantCulture, $"{net.Rpc(1)}/commit?height={height}"), Token);
                if (commit!["result"]!["signed_header"]!["commit"]!["signatures"]!.AsArray().Any(one => one!["validator_address"]!.GetValue<string>() == address))
                {
                    return true;
                }
            }

            return false;
        }, Token);
    }

    private static async Task<string> EstateAsync(string folder, LabNet net, SignerBench bench)
    {
        string path = Path.Combine(folder, "estate.yaml");
        Directory.CreateDirectory(Path.Combine(folder, "bucket"));
        await File.WriteAllTextAsync(path, $$"""
            name: signers
            chain:
              id: {{SignerBench.Chain}}
              commands:
                binary: labchaind
                start: [start, --home, "{home}", --log_no_color]
            regions:
              - { name: here, role: primary, capacity: 100, bucket: { url: "file://{{folder}}/bucket" } }
            nodes:
              - name: {{Node}}
                kind: validator
                region: here
                home: {{net.Home(Node)}}
                rpc: {{net.Rpc(0)}}
                backup: none
                control: { type: process }
                {{bench.SignerYaml(Node)}}
            backups: { schedules: [] }
            approvals:
              approvers: [alice, bob]

            """ + bench.SigningYaml(1, 2), Token);
        return path;
    }
}
