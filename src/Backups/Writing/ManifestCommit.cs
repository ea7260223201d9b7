using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>A backup's intent, signature and manifest: announced first, committed last, by one conditional PUT.</summary>
internal sealed class ManifestCommit(BackupRepository repository, BackupScope scope, BackupId id, bool encrypted, TimeSpan? lockFor)
{
    private DateTimeOffset? _retainUntil;

    public string Key { get; } = RepositoryKeys.Manifest(scope, id);

    /// <summary>What an earlier attempt with this id committed, or null. A tombstone or a half-committed attempt is refused: take a fresh id.</summary>
    public async Task<VerifiedManifest?> FindAsync(CancellationToken cancellationToken)
    {
        if (await repository.Store.HeadAsync(Key, cancellationToken).ConfigureAwait(false) is not null)
        {
            return await ManifestReader.ReadAsync(repository, Key, cancellationToken).ConfigureAwait(false);
        }

        if (await repository.Store.HeadAsync(RepositoryKeys.Signature(Key), cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        // An attempt stopped between signature and manifest. Its manifest may still arrive; whichever wins the key decides.
        return await AbandonAsync("an earlier attempt stopped between signature and manifest", cancellationToken).ConfigureAwait(false)
            ? throw new BackupException(BackupErrorCodes.BackupRevoked, $"{Key}: an earlier attempt stopped inside its commit; the id is used up, take a fresh one")
            : await ManifestReader.ReadAsync(repository, Key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the intent. From here on a collector waits for this backup, or revokes it.</summary>
    /// <returns>Until when this backup is locked; null where it is not.</returns>
    public async Task<DateTimeOffset?> AnnounceAsync(CancellationToken cancellationToken)
    {
        var now = repository.Options.Time.GetUtcNow();
        var intent = RepositoryKeys.Intent(scope, id);
        var locks = lockFor is not null && repository.Store.Capabilities.ObjectLock;

        // Where there are locks the intent of an earlier attempt is written again: its time is the bucket's clock, by which locks are dated.
        await repository.Store.PutAsync(intent, Encoding.UTF8.GetBytes($"{now:O} {Environment.MachineName}\n"), new PutOptions(Overwrite: locks), cancellationToken).ConfigureAwait(false);
        if (locks)
        {
            var written = await repository.Store.HeadAsync(intent, cancellationToken).ConfigureAwait(false)
                ?? throw new BackupException(BackupErrorCodes.ObjectMissing, $"{repository.Store.Location}: {intent} was written and is not there; the bucket's clock is not known");
            _retainUntil = RetentionLock.Until(lockFor!.Value, written.LastModified, now);
        }

        return _retainUntil;
    }

    /// <summary>Signs and commits.</summary>
    /// <returns>The digest of the stored bytes.</returns>
    public async Task<string> CommitAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var signer = repository.Options.Signer
            ?? throw new BackupException(BackupErrorCodes.OptionsInvalid, "backups are signed and no signing key is configured");
        ManifestRules.Check(manifest, Key);
        var bytes = ManifestCodec.Write(manifest);
        if (encrypted)
        {
            var plain = bytes;
            var target = new byte[Envelope.SealedLength(plain.Length, 4096)];
            var length = await Envelope.SealAsync(plain, target, repository.Options.KeyWrapper!, RepositoryKeys.Node(scope) + "manifest", cancellationToken).ConfigureAwait(false);
            bytes = target[..length];
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var signature = new SignatureFile(signer.Algorithm, digest, 1, signer.KeyId, await signer.SignAsync(bytes, cancellationToken).ConfigureAwait(false), bytes.Length);
        await CommitBytesAsync(bytes, JsonSerializer.SerializeToUtf8Bytes(signature, BackupJson.Options), cancellationToken).ConfigureAwait(false);
        return digest;
    }

    /// <summary>Writes signature and manifest as they are; a replica has the same bytes.</summary>
    public async Task CommitBytesAsync(byte[] manifest, byte[] signature, CancellationToken cancellationToken)
    {
        var options = new PutOptions(RetainUntil: _retainUntil, ContentType: "application/json");
        await PutSameAsync(RepositoryKeys.Signature(Key), signature, options, cancellationToken).ConfigureAwait(false);
        await PutSameAsync(Key, manifest, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a tombstone at the manifest's key, if that is free.</summary>
    /// <returns>False when the backup had committed.</returns>
    public async Task<bool> AbandonAsync(string reason, CancellationToken cancellationToken)
    {
        await repository.Store.PutAsync(Key, Tombstone.Create(repository.Options.Time.GetUtcNow(), reason), null, cancellationToken).ConfigureAwait(false);
        var there = await repository.Store.ReadAllAsync(Key, Limits.Manifest, cancellationToken).ConfigureAwait(false);
        return there is not null && Tombstone.TryParse(there) is not null;
    }

    private async Task PutSameAsync(string key, byte[] bytes, PutOptions options, CancellationToken cancellationToken)
    {
        if (await repository.Store.PutAsync(key, bytes, options, cancellationToken).ConfigureAwait(false) == PutOutcome.Created)
        {
            return;
        }

        // Taken: by our own earlier request whose answer was lost, by a tombstone, or by another attempt.
        var there = await repository.Store.ReadAllAsync(key, Limits.Manifest, cancellationToken).ConfigureAwait(false);
        if (there is null || !there.AsSpan().SequenceEqual(bytes))
        {
            throw new BackupException(BackupErrorCodes.BackupRevoked,
                $"{repository.Store.Location}: {key} is taken by {(there is not null && Tombstone.TryParse(there) is { } stone ? $"a tombstone ({stone.Reason})" : "another attempt")}: this backup is discarded, take a fresh id");
        }
    }
}
