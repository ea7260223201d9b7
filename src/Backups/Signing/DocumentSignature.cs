using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Signs documents that are no manifests by the same keys, in the same form, under the same limits of what a key may sign.</summary>
public static class DocumentSignature
{
    /// <summary>The signature file of a document's bytes.</summary>
    public static async Task<byte[]> SignAsync(IManifestSigner signer, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var signature = await signer.SignAsync(body, cancellationToken).ConfigureAwait(false);
        var file = new SignatureFile(signer.Algorithm, Convert.ToHexStringLower(SHA256.HashData(body.Span)), 1, signer.KeyId, signature, body.Length);
        return JsonSerializer.SerializeToUtf8Bytes(file, BackupJson.Options);
    }

    /// <summary>Believes the document or throws what is wrong with it.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="signature">The signature file; null where there is none.</param>
    /// <param name="trust">The public keys.</param>
    /// <param name="scope">What the key must be allowed to sign for.</param>
    /// <param name="what">For messages.</param>
    /// <returns>The id of the key that signed.</returns>
    /// <exception cref="BackupException">As for a manifest: the code says which way it is not believed.</exception>
    public static string Verify(byte[] body, byte[]? signature, TrustStore trust, BackupScope scope, string what) =>
        ManifestTrust.Verify(body, signature is null ? [] : [signature], trust, scope, lockedSince: null, what);
}
