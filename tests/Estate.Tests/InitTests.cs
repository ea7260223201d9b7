using System.Diagnostics;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class InitTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Output => Path.Combine(folder.Path, "estate", "estate.yaml");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RunAsync_HomeAndUnit_WritesAnEstateThatPassesItsOwnCheck()
    {
        var home = FakeHome.Write(folder);

        var result = await Init(new() { Output = Output, Unit = FakeHome.Unit.Replace("{home}", home, StringComparison.Ordinal), Bucket = "s3://backups/east" });

        var report = EstateCheck.Run(result.Path);
        Assert.True(report.Valid, report.ToText());
        Assert.Equal(result.Loaded.Digest, report.Digest);
        var estate = result.Loaded.Estate;
        var node = Assert.Single(estate.Nodes);
        Assert.Equal(("full-node-0", NodeKind.Full, BackupMethod.Frozen, home), (node.Name, node.Kind, node.Backup, node.Home));
        Assert.Equal(("systemd", "virtengine.service"), (node.Control.Type, node.Control.Unit));
        Assert.Equal("http://127.0.0.1:26657", node.Rpc);
        Assert.Equal("virtengine-1", estate.Chain.Id);
        Assert.Equal("/usr/local/bin/virtengine", estate.Chain.Commands.Binary);
        Assert.Equal(["start", "--home", "{home}", "--log_format", "json"], estate.Chain.Commands.Start);
        Assert.Equal([BackupKinds.ChainState + " (frozen)", BackupKinds.Configuration], report.Nodes[0].Backups);
    }

    [Fact]
    public async Task RunAsync_NoSigningKey_MakesAPairThatOnlyItsOwnerReads()
    {
        FakeHome.Write(folder);

        var result = await Init(Options());

        var key = result.Loaded.Estate.Backups.SigningKeys[0];
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key.PrivateKeyFile!));
        Assert.Contains("-----BEGIN PRIVATE KEY-----", File.ReadAllText(key.PrivateKeyFile!), StringComparison.Ordinal);
        Assert.Equal(key.PublicKey, await OpenSsl("pkey", "-in", key.PrivateKeyFile!, "-pubout"));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(result.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ConsensusKey_NeverLeavesItsFile()
    {
        FakeHome.Write(folder, inGenesis: true);

        var result = await Init(Options());

        foreach (var file in result.Files)
        {
            Assert.DoesNotContain(FakeHome.PrivateMark, File.ReadAllText(file), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(result.Findings, f => f.Text.Contains(FakeHome.PrivateMark, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "", "the genesis names its consensus key")]
    [InlineData(false, "tcp://127.0.0.1:26659", "a remote signer")]
    public async Task RunAsync_Validator_IsNotCopiedAndSaysWhy(bool inGenesis, string remoteSigner, string why)
    {
        FakeHome.Write(folder, inGenesis: inGenesis, remoteSigner: remoteSigner);

        var result = await Init(Options());

        var node = Assert.Single(result.Loaded.Estate.Nodes);
        Assert.Equal((NodeKind.Validator, BackupMethod.None), (node.Kind, node.Backup));
        Assert.Contains(result.Findings, f => f.Severity == FindingSeverity.Warning && f.Text.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_RpcSaysVotingPower_IsAValidator()
    {
        using var rpc = new FakeRpc("""{"jsonrpc":"2.0","id":-1,"result":{"node_info":{"network":"virtengine-1"},"validator_info":{"voting_power":"10"}}}""");
        FakeHome.Write(folder, rpc.Port);

        var result = await Init(Options() with { Probe = true });

        Assert.Equal(NodeKind.Validator, result.Loaded.Estate.Nodes[0].Kind);
    }

    [Fact]
    public async Task RunAsync_RpcIsOfAnotherChain_IsRefusedAndWritesNothing()
    {
        using var rpc = new FakeRpc("""{"result":{"node_info":{"network":"other-1"},"validator_info":{"voting_power":"0"}}}""");
        FakeHome.Write(folder, rpc.Port);

        var e = await Assert.ThrowsAsync<EstateInitException>(() => Init(Options() with { Probe = true }));

        Assert.Contains("'other-1'", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Output)));
    }

    [Fact]
    public async Task RunAsync_RunningProcessOfTheHome_GivesItsCommand()
    {
        var home = FakeHome.Write(folder);
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, ArgumentList = { "-c", "read -r line", "bash", "start", "--home", home } };
        using var process = Process.Start(start)!;
        try
        {
            var result = await Init(Options() with { Probe = true });

            Assert.Equal("process", result.Loaded.Estate.Nodes[0].Control.Type);
            Assert.EndsWith("bash", result.Loaded.Estate.Chain.Commands.Binary, StringComparison.Ordinal);
            Assert.Equal(["start", "--home", "{home}"], result.Loaded.Estate.Chain.Commands.Start.TakeLast(3));
        }
        finally
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task RunAsync_PlanEnvironment_IsUsedOrReported()
    {
        var home = FakeHome.Write(folder);
        var verify = folder.Write("verify.pem", "");
        var signing = Path.Combine(folder.Path, "plan.pem");
        await OpenSsl("genpkey", "-algorithm", "ed25519", "-out", signing);
        File.WriteAllText(verify, await OpenSsl("pkey", "-in", signing, "-pubout"));
        var environment = new Dictionary<string, string>
        {
            ["NODE_HOME"] = home,
            ["SNAPSHOT_DIR"] = "/data/snapshots",
            ["SNAPSHOT_INTERVAL"] = "1000",
            ["RETENTION_COUNT"] = "7",
            ["DR_BUCKET"] = "s3://virtengine-dr-backups",
            ["REMOTE_BUCKET"] = "s3://virtengine-dr-backups/config",
            ["PROVIDER_HOME"] = "/opt/provider-daemon",
            ["SNAPSHOT_SIGNING_KEY"] = signing,
            ["SNAPSHOT_VERIFY_PUBKEY"] = verify,
            ["BACKUP_DIR"] = "/data/backups",
            ["PRIMARY_REGION"] = "us-east",
            ["SECONDARY_REGION"] = "eu-west",
            ["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:7070",
            ["SLACK_WEBHOOK_URL"] = "https://hooks.slack.example/T0/B0/hush",
        };

        var result = await Init(new() { Output = Output, Environment = environment });

        var estate = result.Loaded.Estate;
        Assert.Equal("s3://virtengine-dr-backups/us-east", estate.Regions[0].Bucket!.Url);
        Assert.Equal("http://127.0.0.1:7070", estate.Regions[0].Bucket!.Endpoint);
        Assert.Equal(7, estate.Backups.Retention.Single(r => r.Kind == BackupKinds.ChainState).Last);
        Assert.Equal(signing, estate.Backups.SigningKeys[0].PrivateKeyFile);
        Assert.Equal("/opt/provider-daemon", estate.Nodes.Single(n => n.Kind == NodeKind.Provider).Home);
        Assert.All(new[] { "SNAPSHOT_DIR", "SNAPSHOT_INTERVAL", "REMOTE_BUCKET", "BACKUP_DIR", "SECONDARY_REGION", "SLACK_WEBHOOK_URL" },
            name => Assert.Contains(result.Findings, f => f.Text.StartsWith(name + " ", StringComparison.Ordinal)));
        Assert.DoesNotContain("hush", File.ReadAllText(result.Path) + string.Concat(result.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_VerifyKeyOfAnotherPair_IsRefused()
    {
        FakeHome.Write(folder);
        var signing = Path.Combine(folder.Path, "plan.pem");
        await OpenSsl("genpkey", "-algorithm", "ed25519", "-out", signing);
        var environment = new Dictionary<string, string> { ["SNAPSHOT_SIGNING_KEY"] = signing, ["SNAPSHOT_VERIFY_PUBKEY"] = folder.Write("other.pem", BaseEstate.PublicKey) };

        var e = await Assert.ThrowsAsync<EstateInitException>(() => Init(Options() with { Environment = environment }));

        Assert.Contains("not the public half", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EstateExists_IsNotOverwrittenUnlessAsked()
    {
        FakeHome.Write(folder);
        var first = await Init(Options());

        var e = await Assert.ThrowsAsync<EstateInitException>(() => Init(Options()));
        var second = await Init(Options() with { Overwrite = true });

        Assert.Contains("--overwrite", e.Message, StringComparison.Ordinal);
        Assert.Equal(first.Loaded.Digest, second.Loaded.Digest);
        Assert.Equal([Output], second.Files);
    }

    [Fact]
    public async Task RunAsync_NoHome_SaysHowToNameOne()
    {
        var e = await Assert.ThrowsAsync<EstateInitException>(() => Init(new() { Output = Output, Home = folder.Path }));

        Assert.Contains("config.toml does not exist", e.Message, StringComparison.Ordinal);
        Assert.Contains("--home", (await Assert.ThrowsAsync<EstateInitException>(() => Init(new() { Output = Output }))).Message, StringComparison.Ordinal);
    }

    private EstateInitOptions Options() => new() { Output = Output, Home = Path.Combine(folder.Path, "home"), Probe = false };

    private static Task<EstateInitResult> Init(EstateInitOptions options) => EstateInit.RunAsync(options, TestContext.Current.CancellationToken);

    private static async Task<string> OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
