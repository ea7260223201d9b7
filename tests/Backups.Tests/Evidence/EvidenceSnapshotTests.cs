using VirtEngine.DR.Backups.Evidence;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Evidence;

/// <summary>The evidence of a stopped node, and what its format keeps out.</summary>
public sealed class EvidenceSnapshotTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _home;

    public EvidenceSnapshotTests()
    {
        _home = _bench.Folder.Sub("home");
        Put("config/config.toml", "db_dir = \"data\"\npriv_validator_state_file = \"data/state/hrs.json\"\n");
        Put("data/application.db/CURRENT", "MANIFEST-000001\n");
        Put("data/application.db/LOCK", "");
        Put("data/state/hrs.json", """{"height":"5","round":0,"step":3}""");
        Put("data/empty", "");
        Put("cosmovisor/genesis/bin/node", "program");
    }

    private EvidenceRequest Request => new(NodeLayout.Read(_home), [], new Dictionary<string, byte[]>());

    [Fact]
    public async Task Hold_WhileItLasts_NobodyGetsTheDatabasesLock()
    {
        var lockFile = Path.Combine(_home, "data/application.db/LOCK");
        await using (EvidenceSnapshot.Hold(Request, null, Bench.Token))
        {
            Assert.Throws<IOException>(() => new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        }

        await using var free = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(0, free.Length);
    }

    [Fact]
    public async Task Hold_SigningStateAtItsConfiguredPlace_IsInItAndTheRestIsSaid()
    {
        Directory.CreateSymbolicLink(Path.Combine(_home, "data", "elsewhere"), "/etc");

        await using var snapshot = EvidenceSnapshot.Hold(Request, null, Bench.Token);

        Assert.Contains(snapshot.Files, file => file.Path == "home/data/state/hrs.json");
        Assert.Contains(snapshot.Files, file => file.Path == "home/data/empty");
        Assert.DoesNotContain(snapshot.Files, file => file.Path.Contains("cosmovisor", StringComparison.Ordinal));
        Assert.Equal(["cosmovisor", "data/elsewhere"], snapshot.LeftOut.Select(one => one.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_LastWordRefuses_NothingIsCommitted()
    {
        var repository = await _bench.OpenAsync();
        await using var snapshot = EvidenceSnapshot.Hold(Request, () => throw new InvalidOperationException("fenced"), Bench.Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync(repository, snapshot));

        Assert.Empty((await Bench.Catalog(repository).ListAsync(Scope, Bench.Token)).Entries);
    }

    [Fact]
    public async Task Write_Evidence_IsEncryptedOfItsOwnFormatAndNeverStagedForANode()
    {
        var repository = await _bench.OpenAsync();
        await using var snapshot = EvidenceSnapshot.Hold(Request, null, Bench.Token);

        var written = await WriteAsync(repository, snapshot);

        Assert.Equal(ManifestRoots.EvidenceFormat, written.Manifest.Format);
        var error = await Assert.ThrowsAsync<BackupException>(() => new RestoreStager().StageAsync([repository], written.Key, _bench.Folder.Sub("target"), null, Bench.Token));
        Assert.Equal(BackupErrorCodes.EvidenceOnly, error.Code);
        foreach (var file in Directory.EnumerateFiles(_bench.StorePath, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("hrs.json", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Bench.Token)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Write_SigningStateAsABackup_IsStillRefused()
    {
        var repository = await _bench.OpenAsync();

        var error = await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, new Dictionary<string, byte[]> { ["data/priv_validator_state.json"] = [1] }));

        Assert.Equal(BackupErrorCodes.SecretRefused, error.Code);
    }

    [Theory]
    [InlineData(BackupKinds.ChainState, 3, "home/data/a")]
    [InlineData(BackupKinds.Forensic, 1, "data/a")]
    [InlineData(BackupKinds.Forensic, 3, "root/etc/a")]
    public void Read_FormatThatIsNotTheKinds_IsRefused(string kind, int format, string path)
    {
        var file = new ManifestFile(420, [], path, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0);
        var manifest = new Manifest(
            null, null, null, null, "c-1", null, [file], format, 1, "1-20260131T120000Z-0123456789abcdef",
            new ManifestInstant(0, 0, 0, "stopped", 0, DateTimeOffset.UnixEpoch), kind, "n", [], null, "r", "id");

        Assert.ThrowsAny<BackupException>(() => { ManifestCodec.Read(ManifestCodec.Write(manifest), "test"); });
    }

    public void Dispose() => _bench.Dispose();

    private static BackupScope Scope => Bench.Scope with { Kind = BackupKinds.Forensic };

    private static Task<BackupResult> WriteAsync(Repositories.BackupRepository repository, EvidenceSnapshot snapshot) =>
        new BackupWriter(repository).WriteAsync(snapshot, new BackupDescription(Scope, "us-east"), null, Bench.Token);

    private void Put(string path, string text)
    {
        var file = Path.Combine(_home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
