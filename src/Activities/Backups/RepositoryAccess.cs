using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Opens the repositories of an estate with the keys that it names.</summary>
public sealed class RepositoryAccess(IObjectStoreFactory stores, IKeyWrapperFactory wrappers)
{
    /// <summary>The bucket itself, for what is kept there beside the repository.</summary>
    internal IObjectStore Store(BucketSpec bucket) => stores.Create(bucket);

    /// <summary>Opens one for reading: public keys only.</summary>
    public async Task<BackupRepository> OpenAsync(NodeSlice slice, BucketSpec bucket, CancellationToken cancellationToken) =>
        await BackupRepository.OpenAsync(stores.Create(bucket), await OptionsAsync(slice, bucket, signer: null, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Opens one for writing a kind, and makes it where there is none yet.</summary>
    public Task<BackupRepository> OpenForWritingAsync(NodeSlice slice, BucketSpec bucket, string kind, CancellationToken cancellationToken) =>
        OpenAsTargetAsync(slice, bucket, Signer(slice, kind), cancellationToken);

    /// <summary>Opens one as the target of a copy: nothing is signed there.</summary>
    public Task<BackupRepository> OpenReplicaAsync(NodeSlice slice, BucketSpec bucket, CancellationToken cancellationToken) =>
        OpenAsTargetAsync(slice, bucket, signer: null, cancellationToken);

    /// <summary>Every region's repository; one that cannot be opened is said, never left out.</summary>
    public async Task<IReadOnlyList<CatalogSource>> SourcesAsync(NodeSlice slice, CancellationToken cancellationToken) =>
        await Task.WhenAll(slice.Buckets.Select(bucket => SourceAsync(slice, bucket, cancellationToken))).ConfigureAwait(false);

    /// <summary>True when every bucket answers and none holds a repository: nothing was ever backed up.</summary>
    public async Task<bool> AllEmptyAsync(NodeSlice slice, CancellationToken cancellationToken)
    {
        foreach (var bucket in slice.Buckets)
        {
            try
            {
                await OpenAsync(slice, bucket, cancellationToken).ConfigureAwait(false);
                return false;
            }
            catch (BackupException e) when (e.Code == BackupErrorCodes.RepositoryMissing)
            {
                // Empty; the next one may hold one.
            }
            catch (Exception e) when (e is ObjectStoreException or BackupException or IOException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The repositories of these regions in this order, those that can be opened.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">None can be opened; the message names each with the reason.</exception>
    public async Task<IReadOnlyList<BackupRepository>> OpenAnyAsync(NodeSlice slice, IReadOnlyList<string> regions, CancellationToken cancellationToken)
    {
        var wanted = regions.Count == 0 ? slice.Buckets : [.. regions.SelectMany(region => slice.Buckets.Where(bucket => bucket.Region == region))];
        var sources = await Task.WhenAll(wanted.Select(bucket => SourceAsync(slice, bucket, cancellationToken))).ConfigureAwait(false);
        var open = sources.Where(source => source.Repository is not null).Select(source => source.Repository!).ToArray();
        return open.Length > 0
            ? open
            : throw Failures.Transient($"no region can be read: {string.Join("; ", sources.Select(source => $"{source.Region}: {source.Unreachable}").DefaultIfEmpty("the estate names no bucket"))}");
    }

    /// <summary>Refuses kinds that must be encrypted as long as no key is configured.</summary>
    public static void RequireEncryption(NodeSlice slice, string kind)
    {
        if (kind != Contracts.Backups.BackupKinds.ChainState && slice.Backups.Encryption is null)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"backups of kind '{kind}' are always encrypted and backups.encryption is not configured: set its type (file or kms) and key in the estate");
        }
    }

    /// <summary>Nothing is written into a bucket whose own rules would take it away again.</summary>
    private async Task<BackupRepository> OpenAsTargetAsync(NodeSlice slice, BucketSpec bucket, PemSigner? signer, CancellationToken cancellationToken)
    {
        var store = stores.Create(bucket);
        var problems = await store.PolicyProblemsAsync(cancellationToken).ConfigureAwait(false);
        return problems.Count == 0
            ? await BackupRepository.CreateAsync(store, await OptionsAsync(slice, bucket, signer, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            : throw Failures.Permanent(ErrorTypes.NotConfigured, string.Join("; ", problems));
    }

    private async Task<CatalogSource> SourceAsync(NodeSlice slice, BucketSpec bucket, CancellationToken cancellationToken)
    {
        try
        {
            return new CatalogSource(bucket.Region, await OpenAsync(slice, bucket, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is ObjectStoreException or BackupException or IOException)
        {
            return new CatalogSource(bucket.Region, null, e.Message);
        }
    }

    private async Task<RepositoryOptions> OptionsAsync(NodeSlice slice, BucketSpec bucket, IManifestSigner? signer, CancellationToken cancellationToken) => new()
    {
        Trust = Trust(slice),
        Signer = signer,
        KeyWrapper = await wrappers.CreateAsync(slice.Backups.Encryption, cancellationToken).ConfigureAwait(false),
        EncryptChainState = slice.Backups.Encryption?.ChainState ?? false,
        Region = bucket.Region,
    };

    /// <summary>The public keys that the estate believes.</summary>
    internal static TrustStore Trust(NodeSlice slice) => new(
    [
        .. slice.Backups.SigningKeys.Select(key =>
            VerifyKeys.FromPem(Pem(key), [slice.Target.Chain.Id], key.Nodes, KindsOf(key), key.RevokedAt)),
    ]);

    private static string Pem(SigningKeySpec key)
    {
        if (key.PublicKey.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return key.PublicKey;
        }

        try
        {
            return File.ReadAllText(key.PublicKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"the public key of signing key '{key.Id}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The signing key for a kind whose private half this host has.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Not configured: it has none; the message lists those of the estate.</exception>
    internal static PemSigner Signer(NodeSlice slice, string kind)
    {
        var node = slice.Target.Node.Name;
        var key = slice.Backups.SigningKeys.FirstOrDefault(one =>
            one.RevokedAt is null && one.PrivateKeyFile is not null && Has(one.Nodes, node) && Has(KindsOf(one), kind) && File.Exists(one.PrivateKeyFile));
        if (key is null)
        {
            var named = slice.Backups.SigningKeys.Select(one => $"{one.Id} ({one.PrivateKeyFile ?? "no privateKeyFile"})").DefaultIfEmpty("none");
            throw Failures.Permanent(
                ErrorTypes.NotConfigured,
                $"no signing key for '{node}' and '{kind}' has its private half on this host; backups.signingKeys has: {string.Join(", ", named)}");
        }

        return PemSigner.Load(File.ReadAllText(key.PrivateKeyFile!));
    }

    /// <summary>Whoever may sign a node's state, which is restored, may sign evidence of it, which is not.</summary>
    public static IReadOnlyList<string> KindsOf(SigningKeySpec key) =>
        key.Kinds.Contains(Contracts.Backups.BackupKinds.ChainState) ? [.. key.Kinds, Contracts.Backups.BackupKinds.Forensic] : key.Kinds;

    private static bool Has(IReadOnlyList<string> allowed, string name) => allowed.Contains("*") || allowed.Contains(name);
}
