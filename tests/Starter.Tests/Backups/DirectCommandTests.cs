using System.Text.Json.Nodes;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Starter.Backups;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Backups;

/// <summary>Listing, showing, verifying, pruning dry and exporting on real folders, without any server.</summary>
public sealed class DirectCommandTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly string estate;

    public DirectCommandTests() => estate = SmallEstate.Write(folder.Path);

    [Fact]
    public async Task List_NoRepository_IsUnreachableAndNamesEachRegion()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Unreachable, await RunAsync(io, "backup", "list"));
        Assert.Contains("NOT ASKED region-a", io.Output, StringComparison.Ordinal);
        Assert.Contains("NOT ASKED region-b", io.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OneBackupInOneRegion_IsListedAndTheOtherRegionIsSaid()
    {
        var id = await BackUpAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Partial, await RunAsync(io, "backup", "list", "-o", "json"));
        var json = JsonNode.Parse(io.Output)!;
        var backup = Assert.Single(json["backups"]!.AsArray())!;
        Assert.Equal(id, backup["id"]!.GetValue<string>());
        Assert.True(backup["valid"]!.GetValue<bool>());
        Assert.Equal("region-a", Assert.Single(backup["regions"]!.AsArray())!.GetValue<string>());
        Assert.NotNull(json["unreachable"]!["region-b"]);
    }

    [Fact]
    public async Task Show_UnknownId_EndsWithFour()
    {
        await BackUpAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.NotFound, await RunAsync(io, "backup", "show", "1-20260301T120000Z-0123456789abcdef"));
        Assert.Contains("There is no backup '1-20260301T120000Z-0123456789abcdef'", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Newest_NamesManifestAndDigest()
    {
        var id = await BackUpAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Ok, await RunAsync(io, "backup", "show"));
        Assert.StartsWith(id, io.Output, StringComparison.Ordinal);
        Assert.Contains("manifest  small-1/fullnode-0/chain-state/", io.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FlippedByteInAnObject_IsFailed()
    {
        await BackUpAsync();
        var victim = Directory.EnumerateFiles(folder["bucket-a"], "*", SearchOption.AllDirectories)
            .Where(file => file.Contains("/objects/", StringComparison.Ordinal) || file.Contains("/packs/", StringComparison.Ordinal))
            .OrderByDescending(file => new FileInfo(file).Length).First();
        var bytes = await File.ReadAllBytesAsync(victim, Token);
        bytes[bytes.Length / 2] ^= 1;
        File.SetUnixFileMode(victim, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(victim, bytes, Token);
        var io = new TestIo();
        Assert.Equal(ExitCodes.Failed, await RunAsync(io, "backup", "verify", "--rung", "2"));
        Assert.Contains("FAILED", io.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_WithoutApply_DecidesAndDeletesNothing()
    {
        await BackUpAsync();
        await RepositoryAsync("region-b");
        var before = Directory.GetFiles(folder["bucket-a"], "*", SearchOption.AllDirectories).Length;
        var io = new TestIo();
        Assert.Equal(ExitCodes.Ok, await RunAsync(io, "backup", "prune"));
        Assert.Contains("keep", io.Output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder["bucket-a"], "*", SearchOption.AllDirectories).Length);
    }

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<int> RunAsync(TestIo io, params string[] args) => io.RunAsync([.. args, "--estate", estate]);

    private async Task<VirtEngine.DR.Backups.Repositories.BackupRepository> RepositoryAsync(string region)
    {
        var reader = new RepositoryReader(EstateLoader.Load(estate));
        var slice = (await reader.NodesAsync("fullnode-0", Contracts.Backups.BackupKinds.ChainState))[0];
        return await reader.Access.OpenForWritingAsync(slice, slice.Buckets.Single(bucket => bucket.Region == region), Contracts.Backups.BackupKinds.ChainState, Token);
    }

    private async Task<string> BackUpAsync()
    {
        var repository = await RepositoryAsync("region-a");
        await File.WriteAllBytesAsync(folder["home/state.bin"], System.Security.Cryptography.RandomNumberGenerator.GetBytes(200_000), Token);
        await using var snapshot = await DirectorySnapshot.TakeAsync(folder["home"], new FileSelection(["**"]), TimeProvider.System, Token);
        var scope = new BackupScope("small-1", "fullnode-0", Contracts.Backups.BackupKinds.ChainState);
        return (await new BackupWriter(repository).WriteAsync(snapshot, new BackupDescription(scope, "region-a", 45), null, Token)).Id.ToString();
    }
}
