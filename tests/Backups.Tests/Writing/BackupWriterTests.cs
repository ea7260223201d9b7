using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Writing;

public sealed class BackupWriterTests : IDisposable
{
    private readonly Bench _bench = new();

    [Theory]
    [InlineData(BackupKinds.ChainState)]
    [InlineData(BackupKinds.ProviderState)]
    public async Task WriteAsync_ThenStage_GivesTheSameBytes(string kind)
    {
        var repository = await _bench.OpenAsync();
        var files = Bench.NodeFiles();
        var scope = Bench.Scope with { Kind = kind };

        var result = await Bench.WriteAsync(repository, files, scope);
        var staged = await new RestoreStager().StageAsync([repository], result.Key, _bench.Folder.Sub("home"), null, Bench.Token);

        var tree = Bench.ReadTree(staged.Folder);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), tree.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, pair => Assert.Equal(pair.Value, tree[pair.Key]));
        Assert.Equal(result.Digest, staged.Digest);
        Assert.Equal(files.Values.Sum(bytes => bytes.LongLength), result.BytesRead);
    }

    [Fact]
    public async Task WriteAsync_SameFilesAgain_UploadsOnlyPacks()
    {
        var repository = await _bench.OpenAsync();
        var first = await Bench.WriteAsync(repository);

        var second = await Bench.WriteAsync(repository, height: 1201);

        Assert.True(second.BytesUploaded < 100_000, $"{second.BytesUploaded} bytes were uploaded again");
        Assert.True(first.BytesUploaded > 5_000_000);
        Assert.Equal(2, (await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries.Count);
    }

    [Fact]
    public async Task WriteAsync_SameIdAgain_IsTheSameBackup()
    {
        var repository = await _bench.OpenAsync();
        var id = BackupId.Create(1200, DateTimeOffset.UtcNow);
        var first = await Bench.WriteAsync(repository, id: id);

        var second = await Bench.WriteAsync(repository, Bench.NodeFiles(2), id: id);

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(0, second.BytesUploaded);
    }

    [Fact]
    public async Task WriteAsync_FourAtOnce_AllAreWhole()
    {
        var repository = await _bench.OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Bench.WriteAsync(repository, Bench.NodeFiles(1 + (i / 2)), height: i)));

        foreach (var result in results)
        {
            Assert.All(await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(repository, result.Key, Rung.Read, null, Bench.Token), record => Assert.True(record.Passed, string.Join(";", record.Problems)));
        }
    }

    [Theory]
    [InlineData("data/priv_validator_state.json")]
    [InlineData("config/priv_validator_key.json")]
    [InlineData("config/node_key.json")]
    [InlineData("keyring-test/val.info")]
    public async Task WriteAsync_KeyOrSigningStateInTheSnapshot_IsRefusedBeforeAnythingIsUploaded(string path)
    {
        var repository = await _bench.OpenAsync();

        var error = await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, new Dictionary<string, byte[]> { [path] = [1], ["data/a.ldb"] = new byte[200_000] }));

        Assert.Equal(BackupErrorCodes.SecretRefused, error.Code);
        Assert.DoesNotContain(Bench.ReadTree(_bench.StorePath).Keys, key => key.Contains("/objects/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenAsync_NoRepository_SaysSoAndLeavesNothingBehind()
    {
        var path = Path.Combine(_bench.Folder.Path, "mistyped");

        var error = await Assert.ThrowsAsync<BackupException>(() => VirtEngine.DR.Backups.Repositories.BackupRepository.OpenAsync(new LocalFolderStore(path), _bench.Options, Bench.Token));

        Assert.Equal(BackupErrorCodes.RepositoryMissing, error.Code);
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task WriteAsync_StoppedInsideItsCommit_IdIsUsedUp()
    {
        var repository = await _bench.OpenAsync();
        var id = BackupId.Create(1200, DateTimeOffset.UtcNow);
        await repository.Store.PutAsync(VirtEngine.DR.Backups.Repositories.RepositoryKeys.Signature(VirtEngine.DR.Backups.Repositories.RepositoryKeys.Manifest(Bench.Scope, id)), new byte[] { 1 }, null, Bench.Token);

        var error = await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, id: id));

        Assert.Equal(BackupErrorCodes.BackupRevoked, error.Code);
        Assert.Empty((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);
    }

    [Fact]
    public async Task WriteAsync_AfterAbandon_IsRevoked()
    {
        var repository = await _bench.OpenAsync();
        var id = BackupId.Create(1200, DateTimeOffset.UtcNow);
        Assert.True(await new BackupWriter(repository).AbandonAsync(Bench.Scope, id, "given up", Bench.Token));

        var error = await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, id: id));

        Assert.Equal(BackupErrorCodes.BackupRevoked, error.Code);
        Assert.Empty((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);
    }

    [Fact]
    public async Task AbandonAsync_Committed_IsLeftAlone()
    {
        var repository = await _bench.OpenAsync();
        var result = await Bench.WriteAsync(repository);

        Assert.False(await new BackupWriter(repository).AbandonAsync(Bench.Scope, result.Id, "too late", Bench.Token));

        Assert.True(Assert.Single((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries).Valid);
    }

    [Fact]
    public async Task WriteAsync_StoredObjectOfAnotherSize_IsUploadedBesideIt()
    {
        var repository = await _bench.OpenAsync();
        var first = await Bench.WriteAsync(repository);
        var victim = first.Manifest.Objects.First(item => item.Key.StartsWith("objects/", StringComparison.Ordinal));
        var path = Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", victim.Key);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, Bench.Token))[..^10], Bench.Token);

        var second = await Bench.WriteAsync(repository, height: 1201);

        Assert.DoesNotContain(second.Manifest.Objects, item => item.Key == victim.Key);
        var records = await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(repository, second.Key, Rung.Read, null, Bench.Token);
        Assert.All(records, record => Assert.True(record.Passed, string.Join(";", record.Problems)));
    }

    [Fact]
    public async Task WriteAsync_KindThatMustBeEncryptedWithoutKey_IsRefused()
    {
        var repository = await _bench.OpenAsync(_bench.Options with { KeyWrapper = null });

        var error = await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, scope: Bench.Scope with { Kind = BackupKinds.Configuration }));

        Assert.Equal(BackupErrorCodes.EncryptionKeyMissing, error.Code);
    }

    [Fact]
    public async Task WriteAsync_Encrypted_LeavesNoPlainNameOrContentInTheStore()
    {
        var repository = await _bench.OpenAsync();
        var files = new Dictionary<string, byte[]> { ["config/app-secret-name.toml"] = "minimum-gas-prices = top-secret-value"u8.ToArray(), ["data/x.json"] = new byte[300_000] };

        await Bench.WriteAsync(repository, files, Bench.Scope with { Kind = BackupKinds.Configuration });

        var plain = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(new byte[300_000]));
        foreach (var (name, bytes) in Bench.ReadTree(_bench.StorePath))
        {
            var text = System.Text.Encoding.Latin1.GetString(bytes);
            Assert.DoesNotContain("app-secret-name", text, StringComparison.Ordinal);
            Assert.DoesNotContain("top-secret-value", text, StringComparison.Ordinal);
            Assert.DoesNotContain(plain, text + name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WriteAsync_SourceShorterThanItSays_IsSourceChangedAndNothingIsVisible()
    {
        var repository = await _bench.OpenAsync();
        var files = Bench.NodeFiles();
        var snapshot = new MemorySnapshot(files, [.. files.Select(pair => MemorySnapshot.FileOf(pair.Key, pair.Value) with { Size = pair.Value.Length + 1 }).OrderBy(file => file.Path, StringComparer.Ordinal)]);

        var error = await Assert.ThrowsAsync<BackupException>(() => new BackupWriter(repository).WriteAsync(snapshot, new BackupDescription(Bench.Scope, "us-east"), null, Bench.Token));

        Assert.Equal(BackupErrorCodes.SourceChanged, error.Code);
        Assert.Empty((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);
    }

    public void Dispose() => _bench.Dispose();
}
