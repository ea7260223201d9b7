using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Verification;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Signs an existing backup with another key: at a rotation, so that it stays believed after the old key's end.</summary>
public static class Countersigner
{
    /// <summary>Countersigns, if the present signature is good and the second rung passed on these bytes.</summary>
    /// <exception cref="BackupException">The manifest is not believed, or <c>options-invalid</c> when it was not read since it was written.</exception>
    public static async Task CountersignAsync(BackupRepository repository, string manifestKey, IManifestSigner signer, CancellationToken cancellationToken)
    {
        var verified = await ManifestReader.ReadAsync(repository, manifestKey, cancellationToken).ConfigureAwait(false);
        var records = await BackupVerifier.ReadRecordsAsync(repository, manifestKey, cancellationToken).ConfigureAwait(false);
        if (records.Where(record => record.Digest == verified.Digest && record.Rung >= Rung.Read).MaxBy(record => record.At) is not { Passed: true })
        {
            throw new BackupException(BackupErrorCodes.OptionsInvalid, $"{manifestKey} has not passed the second rung: verify it first (backup verify --rung 2), a countersignature vouches for its content");
        }

        var bytes = await repository.Store.ReadAllAsync(manifestKey, Limits.Manifest, cancellationToken).ConfigureAwait(false)
            ?? throw new BackupException(BackupErrorCodes.ManifestMissing, $"{repository.Store.Location} holds no manifest {manifestKey}");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        if (digest != verified.Digest)
        {
            throw new BackupException(BackupErrorCodes.SignatureWrong, $"{manifestKey} changed while it was countersigned");
        }

        var file = new SignatureFile(signer.Algorithm, digest, 1, signer.KeyId, await signer.SignAsync(bytes, cancellationToken).ConfigureAwait(false), bytes.Length);
        await repository.Store.PutAsync(
            RepositoryKeys.Countersignature(manifestKey, signer.KeyId), JsonSerializer.SerializeToUtf8Bytes(file, BackupJson.Options), null, cancellationToken).ConfigureAwait(false);
    }
}
