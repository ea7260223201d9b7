using System.Security.Cryptography;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Manifests;

/// <summary>Fetches a manifest and believes it only after its signature: verify, then decrypt, then parse, then compare with the key.</summary>
public static class ManifestReader
{
    /// <summary>Reads the manifest as it is now.</summary>
    /// <exception cref="BackupException">Each way of being unusable has its own code.</exception>
    public static async Task<VerifiedManifest> ReadAsync(BackupRepository repository, string key, CancellationToken cancellationToken)
    {
        RepositoryKeys.ParseManifest(key);
        var info = await repository.Store.HeadAsync(key, cancellationToken).ConfigureAwait(false) ?? throw Missing(repository, key);
        var signatures = await SignaturesAsync(repository, key, cancellationToken).ConfigureAwait(false);
        return await ReadVersionAsync(repository, key, info with { Version = null }, signatures, lockedSince: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the manifest, and where what lies there now is not usable, the newest former version that is: a bucket with versions
    /// gives back what somebody overwrote or deleted.</summary>
    public static async Task<VerifiedManifest> ReadAnyVersionAsync(BackupRepository repository, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(repository, key, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupException now) when (repository.Store.Capabilities.Versioned && !now.Transient)
        {
            var signatures = await AllSignaturesAsync(repository, key, cancellationToken).ConfigureAwait(false);
            var versions = await VersionsAsync(repository.Store, key, cancellationToken).ConfigureAwait(false);
            foreach (var version in versions.OrderByDescending(item => item.LastModified))
            {
                try
                {
                    // A lock shows since when a version has been what it is.
                    DateTimeOffset? lockedSince = repository.Store.Capabilities.ObjectLock ? version.LastModified : null;
                    return await ReadVersionAsync(repository, key, version, signatures, lockedSince, cancellationToken).ConfigureAwait(false);
                }
                catch (BackupException)
                {
                    // Another version may do; when none does, what lies there now is what is told.
                }
            }

            throw;
        }
    }

    internal static async Task<IReadOnlyList<byte[]>> SignaturesAsync(BackupRepository repository, string key, CancellationToken cancellationToken)
    {
        var found = new List<byte[]>();
        if (await repository.Store.ReadAllAsync(RepositoryKeys.Signature(key), Limits.Small, cancellationToken).ConfigureAwait(false) is { } first)
        {
            found.Add(first);
        }

        await foreach (var item in repository.Store.ListAsync(RepositoryKeys.Countersignatures(key), cancellationToken).ConfigureAwait(false))
        {
            if (await repository.Store.ReadAllAsync(item.Key, Limits.Small, cancellationToken).ConfigureAwait(false) is { } next)
            {
                found.Add(next);
            }
        }

        return found;
    }

    private static async Task<List<byte[]>> AllSignaturesAsync(BackupRepository repository, string key, CancellationToken cancellationToken)
    {
        var found = new List<byte[]>();
        foreach (var prefix in new[] { RepositoryKeys.Signature(key), RepositoryKeys.Countersignatures(key) })
        {
            await foreach (var item in repository.Store.ListVersionsAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (item.Size <= Limits.Small && await repository.Store.ReadAllAsync(item.Key, item.Version, Limits.Small, cancellationToken).ConfigureAwait(false) is { } bytes)
                {
                    found.Add(bytes);
                }
            }
        }

        return found;
    }

    private static async Task<List<ObjectInfo>> VersionsAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        await foreach (var item in store.ListVersionsAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (item.Key == key)
            {
                found.Add(item);
            }
        }

        return found;
    }

    private static async Task<VerifiedManifest> ReadVersionAsync(
        BackupRepository repository, string key, ObjectInfo info, IReadOnlyList<byte[]> signatures, DateTimeOffset? lockedSince, CancellationToken cancellationToken)
    {
        var what = $"{repository.Store.Location}: manifest {key}";
        var bytes = await repository.Store.ReadAllAsync(key, info.Version, Limits.Manifest, cancellationToken).ConfigureAwait(false) ?? throw Missing(repository, key);
        if (Tombstone.TryParse(bytes) is { } tombstone)
        {
            throw new BackupException(BackupErrorCodes.BackupRevoked, $"{what} was removed at {tombstone.At:u}: {tombstone.Reason}");
        }

        var (scope, id) = RepositoryKeys.ParseManifest(key);
        var signedBy = ManifestTrust.Verify(bytes, signatures, repository.Options.Trust, scope, lockedSince, what);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (Envelope.IsEnvelope(bytes))
        {
            var plain = new byte[bytes.Length];
            var length = await Envelope.OpenAsync(bytes, plain, repository.Options.KeyWrapper, RepositoryKeys.Node(scope) + "manifest", what, cancellationToken).ConfigureAwait(false);
            bytes = plain[..length];
        }

        var manifest = ManifestCodec.Read(bytes, what);
        CompareWithKey(manifest, scope, id, what);
        return new VerifiedManifest(manifest, key, id, digest, signedBy, info.LastModified);
    }

    private static void CompareWithKey(Manifest manifest, BackupScope scope, BackupId id, string what)
    {
        var mismatch =
            manifest.Chain != scope.Chain ? (BackupErrorCodes.ManifestOtherChain, "chain", manifest.Chain, scope.Chain)
            : manifest.Node != scope.Node ? (BackupErrorCodes.ManifestOtherNode, "node", manifest.Node, scope.Node)
            : manifest.Kind != scope.Kind ? (BackupErrorCodes.ManifestOtherKind, "kind", manifest.Kind, scope.Kind)
            : manifest.Id != id.ToString() ? (BackupErrorCodes.ManifestRenamed, "id", manifest.Id, id.ToString())
            : manifest.Height != id.Height ? (BackupErrorCodes.ManifestRenamed, "height", manifest.Height.ToString(System.Globalization.CultureInfo.InvariantCulture), id.ToString())
            : default((string Code, string Field, string Signed, string Key)?);
        if (mismatch is { } wrong)
        {
            throw new BackupException(wrong.Code, $"{what}: it is signed for {wrong.Field} '{wrong.Signed}' and lies at a key of '{wrong.Key}': somebody moved it, and it is refused");
        }
    }

    private static BackupException Missing(BackupRepository repository, string key) =>
        new(BackupErrorCodes.ManifestMissing, $"{repository.Store.Location} holds no manifest {key}");
}
