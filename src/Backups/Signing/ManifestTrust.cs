using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Decides whether a manifest's bytes are believed: each way of not being so has its own error.</summary>
internal static class ManifestTrust
{
    /// <summary>Believes the first signature that is good, else throws what the most telling one says.</summary>
    /// <param name="bytes">The manifest as stored.</param>
    /// <param name="signatures">The signature file and any countersignatures, as stored.</param>
    /// <param name="trust">The public keys.</param>
    /// <param name="scope">By the key.</param>
    /// <param name="lockedSince">When the bucket got these bytes, if the bucket proves that they have not changed since.</param>
    /// <param name="what">For messages.</param>
    /// <returns>The id of the key that signed.</returns>
    public static string Verify(
        byte[] bytes, IReadOnlyList<byte[]> signatures, TrustStore trust, BackupScope scope, DateTimeOffset? lockedSince, string what)
    {
        if (signatures.Count == 0)
        {
            throw new BackupException(BackupErrorCodes.SignatureMissing, $"{what} has no signature beside it: it is not trusted, whatever it says");
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        BackupException? worst = null;
        foreach (var text in signatures)
        {
            try
            {
                return VerifyOne(bytes, digest, text, trust, scope, lockedSince, what);
            }
            catch (BackupException e)
            {
                worst = worst is null || Weight(e) > Weight(worst) ? e : worst;
            }
        }

        throw worst!;
    }

    private static string VerifyOne(byte[] bytes, string digest, byte[] text, TrustStore trust, BackupScope scope, DateTimeOffset? lockedSince, string what)
    {
        SignatureFile file;
        try
        {
            file = JsonSerializer.Deserialize<SignatureFile>(text, BackupJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.SignatureInvalid, $"{what}: the file beside it is not a signature: {e.Message}", e);
        }

        if (trust.Find(file.KeyId) is not { } key)
        {
            throw new BackupException(BackupErrorCodes.SignatureUnknownKey, $"{what} was signed by key {file.KeyId}, which is not among the trusted ones ({string.Join(", ", trust.Keys.Select(k => k.KeyId))})");
        }

        if (key.Algorithm != file.Algorithm || !VerifyKeys.Verify(key, bytes, file.Signature))
        {
            // The unsigned hints only choose the message; the answer is no either way.
            throw bytes.Length < file.Size
                ? new BackupException(BackupErrorCodes.ManifestTruncated, $"{what} has {bytes.Length} bytes and {file.Size} were signed: it is cut off")
                : new BackupException(BackupErrorCodes.SignatureWrong, $"{what} does not fit its signature by key {file.KeyId}{(digest == file.Digest ? string.Empty : ": its bytes are not those that were signed")}");
        }

        if (!key.Allows(scope))
        {
            throw new BackupException(BackupErrorCodes.SignatureScope, $"{what}: key {file.KeyId} may not sign for {scope} (chains {string.Join(",", key.Chains)}; nodes {string.Join(",", key.Nodes)}; kinds {string.Join(",", key.Kinds)})");
        }

        if (key.RevokedAt is { } revoked && !(lockedSince < revoked))
        {
            throw new BackupException(BackupErrorCodes.SignatureRevoked, $"{what} was signed by key {file.KeyId}, revoked at {revoked:u}: it counts only with a countersignature by a good key, or where a locked bucket shows that it is older");
        }

        return file.KeyId;
    }

    private static int Weight(BackupException e) => e.Code switch
    {
        BackupErrorCodes.SignatureUnknownKey => 1,
        BackupErrorCodes.SignatureInvalid => 2,
        BackupErrorCodes.SignatureRevoked => 3,
        BackupErrorCodes.SignatureScope => 4,
        BackupErrorCodes.SignatureWrong => 5,
        _ => 6,
    };
}
