using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Temporalio.Worker;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Estates;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows.Backups;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Backups;

/// <summary>The commands that write: an export, and pruning by a real worker on a real server.</summary>
public sealed class ExportAndPruneTests : IClassFixture<RunbookServer>, IDisposable
{
    private readonly RunbookServer server;
    private readonly VirtEngine.DR.Tests.Shared.ScratchFolder folder = new();
    private readonly string estate;

    public ExportAndPruneTests(RunbookServer server)
    {
        this.server = server;
        estate = SmallEstate.Write(folder.Path);
        File.WriteAllText(estate, File.ReadAllText(estate).Replace("backups:\n", "backups:\n  retention:\n    - { kind: chain-state, last: 1 }\n", StringComparison.Ordinal));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Export_Newest_WritesThePlansFourFilesAndTheirSums()
    {
        await BackUpAsync(45);
        var io = new TestIo();

        Assert.Equal(ExitCodes.Ok, await RunAsync(io, "backup", "export", "--to", folder["out"], "-o", "json"));

        var files = Directory.GetFiles(folder["out"], "*", SearchOption.AllDirectories);
        Assert.Equal(4, files.Length);
        Assert.All(files, file => Assert.StartsWith(folder["out/region-a/state/state_45_"], file, StringComparison.Ordinal));
        var archive = Assert.Single(files, file => file.EndsWith("_data.tar.gz", StringComparison.Ordinal));
        var sums = await File.ReadAllTextAsync(Assert.Single(files, file => file.EndsWith(".sha256", StringComparison.Ordinal)), Token);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(archive, Token))), sums, StringComparison.Ordinal);
        Assert.Equal(4, JsonNode.Parse(io.Output)!["files"]!.AsArray().Count);
        Assert.Contains("state.bin", await ChildProgram.RunAsync("tar", ["-tzf", archive], cancellationToken: Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_Apply_RemovesWhatNoRuleKeepsAndNothingWithoutAYes()
    {
        var older = await BackUpAsync(45);
        var newer = await BackUpAsync(46);
        var unasked = new TestIo();
        Assert.NotEqual(ExitCodes.Ok, await ConnectedAsync(unasked, "backup", "prune", "--apply"));
        Assert.Equal(2, (await ListAsync()).Count);

        var loaded = EstateLoader.Load(estate);
        var access = new RepositoryAccess(new ObjectStoreFactory(), new KeyWrapperFactory());
        var options = new TemporalWorkerOptions(Names.ControlQueue)
            .AddWorkflow<PruneBackupsWorkflow>()
            .AddAllActivities(new EstateActivities(loaded.Estate, loaded.Digest))
            .AddAllActivities(new RepositoryActivities(access, new ActivityPaths(folder["state"])));
        using var worker = new TemporalWorker(server.Client, options);
        var io = new TestIo();
        var code = await worker.ExecuteAsync(() => ConnectedAsync(io, "backup", "prune", "--kind", "chain-state", "--apply", "--yes"), Token);

        Assert.True(code == ExitCodes.Ok, io.Output + io.Error);
        Assert.Contains($"delete region-a       small-1/fullnode-0/chain-state/{older}.json", io.Output, StringComparison.Ordinal);
        Assert.Equal([newer], await ListAsync());
    }

    [Fact]
    public async Task EstateInit_NodesHome_WritesAnEstateThatPassesItsCheck()
    {
        Directory.CreateDirectory(folder["node/config"]);
        Directory.CreateDirectory(folder["node/data"]);
        await File.WriteAllTextAsync(folder["node/config/config.toml"], "moniker = \"full-7\"\ndb_backend = \"goleveldb\"\n\n[rpc]\nladdr = \"tcp://127.0.0.1:26657\"\n", Token);
        await File.WriteAllTextAsync(folder["node/config/genesis.json"], """{ "chain_id": "virtengine-1" }""", Token);
        var written = folder["first.yaml"];
        var io = new TestIo();

        var code = await io.RunAsync("estate", "init", "--home", folder["node"], "--to", written, "--no-probe", "--bucket", "file://" + folder["bucket"]);

        Assert.True(code == ExitCodes.Ok, io.Error);
        Assert.Contains("wrote " + written, io.Output, StringComparison.Ordinal);
        Assert.Equal("virtengine-1", EstateLoader.Load(written).Estate.Chain.Id);
        var check = new TestIo();
        Assert.True(await check.RunAsync("estate", "check", "--estate", written) == ExitCodes.Ok, check.Output + check.Error);
        Assert.NotEqual(ExitCodes.Ok, await new TestIo().RunAsync("estate", "init", "--home", folder["node"], "--to", written, "--no-probe"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<int> RunAsync(TestIo io, params string[] args) => io.RunAsync([.. args, "--estate", estate]);

    private Task<int> ConnectedAsync(TestIo io, params string[] args) => RunAsync(io, [.. args, "--address", server.Address]);

    private async Task<List<string>> ListAsync()
    {
        var io = new TestIo();
        await RunAsync(io, "backup", "list", "-o", "json");
        return [.. JsonNode.Parse(io.Output)!["backups"]!.AsArray().Select(backup => backup!["id"]!.GetValue<string>())];
    }

    private async Task<string> BackUpAsync(long height)
    {
        var reader = new RepositoryReader(EstateLoader.Load(estate));
        var kind = Contracts.Backups.BackupKinds.ChainState;
        var slice = (await reader.NodesAsync("fullnode-0", kind))[0];
        foreach (var bucket in slice.Buckets)
        {
            await reader.Access.OpenForWritingAsync(slice, bucket, kind, Token);
        }

        var repository = await reader.Access.OpenForWritingAsync(slice, slice.Buckets[0], kind, Token);
        await File.WriteAllBytesAsync(folder["home/state.bin"], RandomNumberGenerator.GetBytes(200_000), Token);
        await using var snapshot = await DirectorySnapshot.TakeAsync(folder["home"], new FileSelection(["**"]), TimeProvider.System, Token);
        var description = new BackupDescription(new BackupScope("small-1", "fullnode-0", kind), "region-a", height);
        return (await new BackupWriter(repository).WriteAsync(snapshot, description, null, Token)).Id.ToString();
    }
}
