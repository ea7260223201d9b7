using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Backups.Exporting;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

public sealed class ConfigurationPlacementTests : IDisposable
{
    private readonly Bench _bench = new();

    private string Home => _bench.Folder.Sub("home");

    [Fact]
    public async Task Capture_StoreVerifyExportStageAndPlace_ComesBackByteForByte()
    {
        var source = _bench.Folder.Sub("source");
        var etc = _bench.Folder.Sub("etc");
        Write(source, "config/config.toml", "moniker = \"x\"\n");
        Write(source, "config/genesis.json", "{\"chain_id\":\"x\"}");
        Write(source, "config/node_key.json", "{}");
        Write(etc, "mesh.yaml", "mesh");
        File.SetUnixFileMode(Path.Combine(source, "config/config.toml"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var repository = await _bench.OpenAsync();
        BackupResult backup;
        await using (var snapshot = await ConfigurationSnapshot.TakeAsync(new ConfigurationRequest(source, ["config", etc], "config/genesis.json", []), TimeProvider.System, Bench.Token))
        {
            backup = await WriteAsync(repository, snapshot);
        }

        Assert.Equal(2, backup.Manifest.Format);
        var genesis = backup.Manifest.Files.Single(file => file.Path == "home/config/genesis.json");
        Assert.StartsWith("objects/", backup.Manifest.Objects[Assert.Single(genesis.Parts).Object].Key, StringComparison.Ordinal);
        var records = await new BackupVerifier(new VerifierOptions("test", _bench.Folder.Sub("scratch"))).VerifyAsync(repository, backup.Key, Rung.Restored, null, Bench.Token);
        Assert.All(records, record => Assert.True(record.Passed, string.Join(";", record.Problems)));
        var export = await new PlanExporter(_bench.Signer).ExportAsync([repository], backup.Key, _bench.Folder.Sub("out"), null, Bench.Token);
        Assert.Matches("/us-east/config/config_backup_[0-9_]+\\.tar\\.gz$", export.Files[0]);

        var staged = await new RestoreStager().StageAsync([repository], backup.Key, _bench.Folder.Sub("stage"), null, Bench.Token);
        var placement = new ConfigurationPlacement(staged, Home);
        var entries = placement.Compare();
        Assert.Equal(
            [("home/config/config.toml", PlacementState.Missing), ("home/config/genesis.json", PlacementState.Missing), ($"root{etc}/mesh.yaml", PlacementState.Same)],
            entries.Select(entry => (entry.File.Path, entry.State)));
        Assert.All(entries.Where(entry => entry.InHome), entry => Assert.True(placement.Place(entry)));

        Assert.Equal("{\"chain_id\":\"x\"}", await File.ReadAllTextAsync(Path.Combine(Home, "config/genesis.json"), Bench.Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(Path.Combine(Home, "config/config.toml")));
        Assert.Equal(["config.toml", "genesis.json"], Directory.GetFiles(Path.Combine(Home, "config")).Select(Path.GetFileName).Order());
        await File.WriteAllTextAsync(Path.Combine(etc, "mesh.yaml"), "changed", Bench.Token);
        var outside = placement.Compare()[2];
        Assert.Equal((false, PlacementState.Differs), (outside.InHome, outside.State));
        Assert.Equal(BackupErrorCodes.SecretRefused, Assert.Throws<BackupException>(() => placement.Place(outside)).Code);
        Assert.Equal("changed", await File.ReadAllTextAsync(Path.Combine(etc, "mesh.yaml"), Bench.Token));
    }

    [Theory]
    [InlineData("home/config/priv_validator_key.json")]
    [InlineData("home/config/node_key.json")]
    [InlineData("home/data/priv_validator_state.json")]
    [InlineData("home/data/application.db/CURRENT")]
    [InlineData("home/elsewhere/priv_validator_state.json")]
    [InlineData("home/keyring-file/a.info")]
    [InlineData("home/.virtengine-dr/attempt.json")]
    [InlineData("home/custom/state.json")]
    [InlineData("home/custom/key.json")]
    [InlineData("home/db/x")]
    public void Compare_SignedAndHostile_NeverComesIntoAHome(string path)
    {
        var staged = Stage(
            ("home/config/config.toml", "db_dir = \"db\"\npriv_validator_state_file = \"custom/state.json\"\npriv_validator_key_file = \"custom/key.json\"\n"), (path, "x"));
        var placement = new ConfigurationPlacement(staged, Home);

        var entry = placement.Compare().Single(one => one.File.Path == path);

        Assert.Equal(PlacementState.Refused, entry.State);
        Assert.Throws<BackupException>(() => placement.Place(entry));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Home));
    }

    [Fact]
    public void Place_KeyInContentOrChangedSinceStaged_IsRefused()
    {
        var staged = Stage(("home/config/a.toml", "-----BEGIN PRIVATE KEY-----\nAAAA"), ("home/config/b.toml", "b"));
        File.WriteAllText(Path.Combine(staged.Folder, "home/config/b.toml"), "other");
        var placement = new ConfigurationPlacement(staged, Home);

        Assert.Equal(BackupErrorCodes.SecretRefused, Assert.Throws<BackupException>(() => placement.Place(placement.Compare()[0])).Code);
        Assert.Equal(BackupErrorCodes.ObjectCorrupt, Assert.Throws<ObjectCorruptException>(() => placement.Place(placement.Compare()[1])).Code);
        Assert.False(File.Exists(Path.Combine(Home, "config/a.toml")));
    }

    [Fact]
    public void Compare_LinkInTheHome_IsNotFollowed()
    {
        var elsewhere = _bench.Folder.Sub("elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(Home, "config"), elsewhere);
        var placement = new ConfigurationPlacement(Stage(("home/config/a.toml", "a")), Home);

        Assert.Equal(PlacementState.Refused, Assert.Single(placement.Compare()).State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public void Place_SomethingIsThere_IsNeverOverwritten()
    {
        var placement = new ConfigurationPlacement(Stage(("home/config/a.toml", "a")), Home);
        var entry = Assert.Single(placement.Compare());
        Write(Home, "config/a.toml", "a person's");

        Assert.False(placement.Place(entry));

        Assert.Equal("a person's", File.ReadAllText(Path.Combine(Home, "config/a.toml")));
        Assert.Equal(PlacementState.Differs, Assert.Single(placement.Compare()).State);
        Assert.False(ConfigurationPlacement.TakeAway(Home, "config/a.toml", entry.File.Sha256));
        Assert.True(File.Exists(Path.Combine(Home, "config/a.toml")));
    }

    [Fact]
    public void PlaceAndTakeAway_KilledBeforeAnyWrite_GoOnOrGoBack()
    {
        for (var kill = 1; kill <= 12; kill++)
        {
            var home = _bench.Folder.Sub($"home-{kill}");
            var placement = new ConfigurationPlacement(Stage(("home/config/a.toml", "a"), ("home/config/deep/b.toml", "b")), home);
            var killed = Killed(kill, () => PlaceAll(placement));
            foreach (var undo in new[] { false, true })
            {
                if (undo)
                {
                    var again = Killed(kill, () => TakeAll(placement, home));
                    TakeAll(placement, home);
                    Assert.True(again || kill > 2);
                    Assert.Empty(Directory.EnumerateFileSystemEntries(home));
                }
                else
                {
                    PlaceAll(placement);
                    Assert.Equal(["config/a.toml", "config/deep/b.toml"], Bench.ReadTree(home).Keys.Order());
                }
            }

            Assert.Equal(kill <= 8, killed);
        }
    }

    [Fact]
    public void ReplaceAndPutBack_KilledBeforeAnyWrite_GoOnOrGoBackAndLoseNothing()
    {
        var kills = 0;
        for (var kill = 1; kill <= 20; kill++)
        {
            var (home, kept) = (_bench.Folder.Sub($"home-{kill}"), _bench.Folder.Sub($"kept-{kill}"));
            Write(home, "config/a.toml", "former");
            var placement = new ConfigurationPlacement(Stage(("home/config/a.toml", "new"), ("home/config/b.toml", "b")), home);
            var entries = placement.Compare();
            void Replace() => entries.ToList().ForEach(entry => placement.Replace(entry, Path.Combine(kept, entry.File.Path)));
            void PutBack() => entries.ToList().ForEach(entry => Assert.True(ConfigurationPlacement.PutBack(home, entry.File.Path["home/".Length..], entry.File.Sha256, Path.Combine(kept, entry.File.Path))));

            kills += Killed(kill, Replace) ? 1 : 0;
            Assert.Contains("former", File.Exists(Path.Combine(kept, "home/config/a.toml")) ? File.ReadAllText(Path.Combine(kept, "home/config/a.toml")) : File.ReadAllText(Path.Combine(home, "config/a.toml")), StringComparison.Ordinal);
            Killed(kill, PutBack);
            PutBack();
            Assert.Equal(["config/a.toml"], Bench.ReadTree(home).Keys);
            Assert.Equal("former", File.ReadAllText(Path.Combine(home, "config/a.toml")));

            Killed(kill, Replace);
            Replace();
            Replace();
            Assert.Equal(("new", "b"), (File.ReadAllText(Path.Combine(home, "config/a.toml")), File.ReadAllText(Path.Combine(home, "config/b.toml"))));
        }

        Assert.InRange(kills, 8, 19);
    }

    [Fact]
    public void NodeKeyFile_Ensure_IsCometBftsFormatAndNeverReplacesOne()
    {
        var path = Path.Combine(Home, "node_key.json");

        var id = NodeKeyFile.Ensure(path);

        Assert.Matches("^[0-9a-f]{40}$", id);
        Assert.Equal(id, NodeKeyFile.Ensure(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(path));
        var key = json.RootElement.GetProperty("priv_key");
        Assert.Equal("tendermint/PrivKeyEd25519", key.GetProperty("type").GetString());
        var bytes = key.GetProperty("value").GetBytesFromBase64();
        var pub = new Org.BouncyCastle.Crypto.Parameters.Ed25519PrivateKeyParameters(bytes[..32]).GeneratePublicKey().GetEncoded();
        Assert.Equal(pub, bytes[32..]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(pub)[..20]), id);
        File.WriteAllText(path, "{}");
        Assert.Equal(BackupErrorCodes.KeyInvalid, Assert.Throws<BackupException>(() => NodeKeyFile.Ensure(path)).Code);
    }

    public void Dispose() => _bench.Dispose();

    private static void PlaceAll(ConfigurationPlacement placement)
    {
        foreach (var entry in placement.Compare().Where(entry => entry.State == PlacementState.Missing))
        {
            placement.Place(entry);
        }
    }

    private static void TakeAll(ConfigurationPlacement placement, string home)
    {
        foreach (var entry in placement.Compare())
        {
            Assert.True(ConfigurationPlacement.TakeAway(home, entry.File.Path["home/".Length..], entry.File.Sha256));
        }
    }

    private static bool Killed(int at, Action act)
    {
        var writes = 0;
        ConfigurationPlacement.BeforeWrite.Value = () =>
        {
            if (++writes == at)
            {
                throw new OperationCanceledException("killed");
            }
        };
        try
        {
            act();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        finally
        {
            ConfigurationPlacement.BeforeWrite.Value = null;
        }
    }

    private static void Write(string root, string path, string content)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private static async Task<BackupResult> WriteAsync(BackupRepository repository, ConfigurationSnapshot snapshot) => await new BackupWriter(repository).WriteAsync(
        snapshot, new BackupDescription(Bench.Scope with { Kind = BackupKinds.Configuration }, "us-east") { Rooted = true }, null, Bench.Token);

    private StagedRestore Stage(params (string Path, string Text)[] files)
    {
        var folder = _bench.Folder.Sub("stage-" + Guid.NewGuid().ToString("N"));
        foreach (var (path, text) in files)
        {
            Write(folder, path, text);
        }

        var entries = files.OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => new ManifestFile(0x180, [], file.Path, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))), file.Text.Length)).ToList();
        var manifest = new Manifest(
            null, null, null, null, "c", null, entries, ManifestRoots.Format, 0, "id", new ManifestInstant(0, 0, 0, "files", 0, DateTimeOffset.UnixEpoch), BackupKinds.Configuration,
            "n", [], null, "r", "repo");
        return new StagedRestore(folder, manifest, new string('a', 64), 0, 0);
    }
}
