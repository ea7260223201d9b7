using System.Text;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Manifests;

public sealed class HostileManifestTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> Small = new() { ["data/a.ldb"] = new byte[200_000], ["data/b"] = [1, 2, 3] };
    private readonly Bench _bench = new();

    [Fact]
    public async Task Read_NoSignature_IsSignatureMissing()
    {
        var (repository, backup) = await WriteAsync();
        await repository.Store.DeleteAsync(RepositoryKeys.Signature(backup.Key), null, Bench.Token);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.SignatureMissing);
    }

    [Fact]
    public async Task Read_AnotherBackupsSignature_IsSignatureWrong()
    {
        var (repository, backup) = await WriteAsync();
        var other = await Bench.WriteAsync(repository, Small, height: 7);
        await Forge.CopyAsync(repository.Store, RepositoryKeys.Signature(other.Key), RepositoryKeys.Signature(backup.Key));

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.SignatureWrong);
    }

    [Fact]
    public async Task Read_SwappedWithItsSignature_IsRenamed()
    {
        var (repository, backup) = await WriteAsync();
        var other = await Bench.WriteAsync(repository, Small, height: 7);
        await Forge.CopyAsync(repository.Store, other.Key, backup.Key);
        await Forge.CopyAsync(repository.Store, RepositoryKeys.Signature(other.Key), RepositoryKeys.Signature(backup.Key));

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestRenamed);
    }

    [Fact]
    public async Task Read_Truncated_IsTruncated()
    {
        var (repository, backup) = await WriteAsync();
        var bytes = await repository.Store.ReadAllAsync(backup.Key, 1 << 24, Bench.Token);
        await repository.Store.PutAsync(backup.Key, bytes.AsMemory(0, bytes!.Length - 20), new PutOptions(Overwrite: true), Bench.Token);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestTruncated);
    }

    [Fact]
    public async Task Read_EveryFlippedByte_IsRefused()
    {
        var (repository, backup) = await WriteAsync();
        var bytes = (await repository.Store.ReadAllAsync(backup.Key, 1 << 24, Bench.Token))!;
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= 1;
            await repository.Store.PutAsync(backup.Key, flipped, new PutOptions(Overwrite: true), Bench.Token);

            await RefusedAsync(repository, backup.Key, BackupErrorCodes.SignatureWrong);
        }
    }

    [Theory]
    [InlineData("other-chain", "fullnode-0", "chain-state", BackupErrorCodes.ManifestOtherChain)]
    [InlineData("virtengine-1", "fullnode-1", "chain-state", BackupErrorCodes.ManifestOtherNode)]
    [InlineData("virtengine-1", "fullnode-0", "other-kind", BackupErrorCodes.ManifestOtherKind)]
    public async Task Read_MovedToAnotherScope_SaysWhich(string chain, string node, string kind, string code)
    {
        var (repository, backup) = await WriteAsync();
        var key = RepositoryKeys.Manifest(new BackupScope(chain, node, kind), backup.Id);
        await Forge.CopyAsync(repository.Store, backup.Key, key);
        await Forge.CopyAsync(repository.Store, RepositoryKeys.Signature(backup.Key), RepositoryKeys.Signature(key));

        await RefusedAsync(repository, key, code);
    }

    [Fact]
    public async Task Read_FutureFormat_SaysSo()
    {
        var (repository, backup) = await WriteAsync();
        await Forge.PutTextAsync(repository.Store, backup.Key, """{"files":"of another shape","format":4}""", _bench.Signer);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestFutureFormat);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":"1"}""")]
    [InlineData("[]")]
    public async Task Read_SignedNonsense_IsInvalid(string text)
    {
        var (repository, backup) = await WriteAsync();
        await Forge.PutTextAsync(repository.Store, backup.Key, text, _bench.Signer);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestInvalid);
    }

    [Fact]
    public async Task Read_DoubleMemberOrWhiteSpace_IsInvalid()
    {
        var (repository, backup) = await WriteAsync();
        var text = Encoding.UTF8.GetString(ManifestCodec.Write(backup.Manifest));
        foreach (var changed in new[] { text.Replace("\"format\":1", "\"format\":1,\"format\":1", StringComparison.Ordinal), text.Replace(",", ", ", StringComparison.Ordinal), text[..^1] + ",\"zzz\":1}" })
        {
            await Forge.PutTextAsync(repository.Store, backup.Key, changed, _bench.Signer);
            await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestInvalid);
        }
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("data/../../x")]
    [InlineData("data\\x")]
    [InlineData("data/\0x")]
    [InlineData("data//x")]
    [InlineData("./x")]
    [InlineData("")]
    public async Task Read_UnsafePath_IsPathUnsafe(string path)
    {
        var (repository, backup) = await WriteAsync();
        await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Files = [backup.Manifest.Files[0] with { Path = path }] }, _bench.Signer);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.PathUnsafe);
    }

    [Theory]
    [InlineData("config/app.toml")]
    [InlineData("home/")]
    [InlineData("root")]
    [InlineData("root//etc/x")]
    [InlineData("root/../etc/x")]
    [InlineData("home/../../etc/x")]
    [InlineData("other/etc/x")]
    [InlineData("Home/x")]
    public async Task Read_FormatTwoPathOutsideItsRoots_IsPathUnsafe(string path)
    {
        var repository = await _bench.OpenAsync();
        var backup = await ConfigurationAsync(repository);
        await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Files = [backup.Manifest.Files[0] with { Path = path }] }, _bench.Signer);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.PathUnsafe);
    }

    [Fact]
    public async Task Read_FormatTwoOfAnotherKind_IsInvalid()
    {
        var (repository, backup) = await WriteAsync();
        await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Format = 2, Files = [] }, _bench.Signer);

        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestInvalid);
    }

    [Fact]
    public async Task Read_FormatOneConfiguration_IsStillValid()
    {
        var repository = await _bench.OpenAsync();
        var scope = Bench.Scope with { Kind = BackupKinds.Configuration };
        var old = await Bench.WriteAsync(repository, new Dictionary<string, byte[]> { ["config/app.toml"] = [1], ["root/x"] = [2] }, scope);

        var read = await ManifestReader.ReadAsync(repository, old.Key, Bench.Token);

        Assert.Equal(1, read.Manifest.Format);
        Assert.Equal((true, "root/x"), ManifestRoots.Split(read.Manifest, "root/x"));
    }

    [Fact]
    public async Task Read_PathTwiceOrFileAsFolder_IsPathUnsafe()
    {
        var (repository, backup) = await WriteAsync();
        var file = backup.Manifest.Files[0];
        foreach (var files in new[] { new[] { file, file }, [file with { Path = "data" }, file with { Path = "data/x" }] })
        {
            await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Files = files }, _bench.Signer);
            await RefusedAsync(repository, backup.Key, BackupErrorCodes.PathUnsafe);
        }
    }

    [Fact]
    public async Task Read_ObjectKeyOutsideOrOversized_IsRefused()
    {
        var (repository, backup) = await WriteAsync();
        var item = backup.Manifest.Objects[0];
        await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Objects = [item with { Key = "../../other/objects/x" }, .. backup.Manifest.Objects.Skip(1)] }, _bench.Signer);
        await RefusedAsync(repository, backup.Key, BackupErrorCodes.PathUnsafe);

        await Forge.PutAsync(repository.Store, backup.Key, backup.Manifest with { Objects = [item with { Size = int.MaxValue }, .. backup.Manifest.Objects.Skip(1)] }, _bench.Signer);
        await RefusedAsync(repository, backup.Key, BackupErrorCodes.ManifestInvalid);
    }

    [Fact]
    public async Task Read_UnknownKey_IsUnknownKeyAndScopedKey_IsScope()
    {
        var (repository, backup) = await WriteAsync();
        using var stranger = PemSigner.Generate().Signer;
        await RefusedAsync(await _bench.OpenAsync(_bench.Options with { Trust = new TrustStore([VerifyKeys.FromPublicKeyInfo(stranger.PublicKeyInfo)]) }), backup.Key, BackupErrorCodes.SignatureUnknownKey);
        await RefusedAsync(await _bench.OpenAsync(_bench.Options with { Trust = new TrustStore([_bench.Key with { Nodes = ["another"] }]) }), backup.Key, BackupErrorCodes.SignatureScope);
        await RefusedAsync(await _bench.OpenAsync(_bench.Options with { Trust = new TrustStore([_bench.Key with { Kinds = ["configuration"] }]) }), backup.Key, BackupErrorCodes.SignatureScope);
    }

    [Fact]
    public async Task Read_Revoked_IsRevokedUntilCountersigned()
    {
        var (repository, backup) = await WriteAsync();
        using var next = PemSigner.Generate().Signer;
        var nextKey = VerifyKeys.FromPublicKeyInfo(next.PublicKeyInfo);
        await Assert.ThrowsAsync<BackupException>(() => Countersigner.CountersignAsync(repository, backup.Key, next, Bench.Token));
        await new VirtEngine.DR.Backups.Verification.BackupVerifier(new("test")).VerifyAsync(repository, backup.Key, VirtEngine.DR.Backups.Verification.Rung.Read, null, Bench.Token);
        var uncountersigned = await Bench.WriteAsync(repository, Small, height: 9);
        await Countersigner.CountersignAsync(repository, backup.Key, next, Bench.Token);

        var after = await _bench.OpenAsync(_bench.Options with { Trust = new TrustStore([_bench.Key with { RevokedAt = DateTimeOffset.UtcNow }, nextKey]) });

        Assert.Equal(next.KeyId, (await ManifestReader.ReadAsync(after, backup.Key, Bench.Token)).SignedBy);
        await RefusedAsync(after, uncountersigned.Key, BackupErrorCodes.SignatureRevoked);
    }

    [Fact]
    public async Task Find_NewerHeadKnown_RefusesTheStaleOne()
    {
        var (repository, backup) = await WriteAsync();
        var heads = new HeadFile(_bench.Folder.Sub("heads"));
        var newer = new BackupId(2000, backup.Id.Utc.AddHours(4), "0123456789abcdef");
        await heads.RaiseAsync(Bench.Scope, newer, Bench.Token);

        var found = await new BackupCatalog([new CatalogSource("us-east", repository), new CatalogSource("eu-west", null, "connection refused")], [heads]).FindAsync(Bench.Scope, BackupSelector.Newest, Bench.Token);

        Assert.Equal(backup.Id, found.Entry.Id);
        Assert.Equal(newer, Assert.Throws<SupersededException>(found.EnsureNewest).Newest);
        Assert.Equal("connection refused", found.Unreachable["eu-west"]);
    }

    private async Task<(BackupRepository Repository, BackupResult Backup)> WriteAsync()
    {
        var repository = await _bench.OpenAsync();
        return (repository, await Bench.WriteAsync(repository, Small));
    }

    private static async Task<BackupResult> ConfigurationAsync(BackupRepository repository)
    {
        await using var snapshot = new MemorySnapshot(new Dictionary<string, byte[]> { ["home/config/app.toml"] = [1, 2, 3], ["root/etc/istio/mesh.yaml"] = [4] });
        return await new BackupWriter(repository).WriteAsync(
            snapshot, new BackupDescription(Bench.Scope with { Kind = BackupKinds.Configuration }, "us-east") { Rooted = true }, null, Bench.Token);
    }

    private async Task RefusedAsync(BackupRepository repository, string key, string code)
    {
        var home = _bench.Folder.Sub("target");
        var error = await Assert.ThrowsAnyAsync<BackupException>(() => new RestoreStager().StageAsync([repository], key, home, null, Bench.Token));

        Assert.Equal(code, error.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
    }

    public void Dispose() => _bench.Dispose();
}
