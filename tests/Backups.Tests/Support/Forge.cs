using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>Puts manifests of any content under any key, signed by anybody.</summary>
public static class Forge
{
    public static async Task PutAsync(IObjectStore store, string key, byte[] bytes, IManifestSigner signer)
    {
        var file = new SignatureFile(signer.Algorithm, Convert.ToHexStringLower(SHA256.HashData(bytes)), 1, signer.KeyId, await signer.SignAsync(bytes, Bench.Token), bytes.Length);
        var overwrite = new PutOptions(Overwrite: true);
        await store.PutAsync(key, bytes, overwrite, Bench.Token);
        await store.PutAsync(RepositoryKeys.Signature(key), JsonSerializer.SerializeToUtf8Bytes(file, BackupJson.Options), overwrite, Bench.Token);
    }

    public static Task PutAsync(IObjectStore store, string key, Manifest manifest, IManifestSigner signer) => PutAsync(store, key, ManifestCodec.Write(manifest), signer);

    public static Task PutTextAsync(IObjectStore store, string key, string text, IManifestSigner signer) => PutAsync(store, key, Encoding.UTF8.GetBytes(text), signer);

    /// <summary>Moves the bytes of one key to another.</summary>
    public static async Task CopyAsync(IObjectStore store, string from, string to) =>
        await store.PutAsync(to, (await store.ReadAllAsync(from, 1 << 24, Bench.Token))!, new PutOptions(Overwrite: true), Bench.Token);
}
