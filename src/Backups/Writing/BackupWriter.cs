using System.Diagnostics;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Indexing;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Writes one backup: objects first, the manifest's conditional PUT last. Until that one nothing is visible.</summary>
/// <remarks>
/// The order is what makes collection safe: intent, then marks, then listing, then objects, then confirmation, signature, manifest.
/// Killed anywhere before the manifest, an intent and unnamed objects stay behind, which a collector removes.
/// </remarks>
/// <param name="repository">Where to.</param>
/// <param name="options">How.</param>
public sealed class BackupWriter(BackupRepository repository, WriterOptions? options = null)
{
    private readonly WriterOptions _options = options ?? new WriterOptions();

    /// <summary>Writes the snapshot. The same description with the same <see cref="BackupDescription.Id"/> again is the same backup.</summary>
    /// <exception cref="BackupException">For example <c>source-corrupt</c>, <c>source-changed</c>, <c>backup-revoked</c>, <c>encryption-key-missing</c>.</exception>
    /// <exception cref="ObjectStoreException">The store failed; nothing became visible.</exception>
    public async Task<BackupResult> WriteAsync(
        ISnapshot snapshot, BackupDescription description, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        description.Scope.Validate();
        var encrypted = Encrypts(description.Scope.Kind);
        var id = description.Id ?? BackupId.Create(description.Height, repository.Options.Time.GetUtcNow());
        if (id.Height != description.Height)
        {
            throw new BackupException(BackupErrorCodes.OptionsInvalid, $"the chosen id {id} is of height {id.Height} and the backup of height {description.Height}: they must be equal");
        }

        var commit = new ManifestCommit(repository, description.Scope, id, encrypted, _options.LockFor);
        if (await commit.FindAsync(cancellationToken).ConfigureAwait(false) is { } present)
        {
            return new BackupResult(present.Manifest, present.Key, id, present.Digest, 0, 0, present.Manifest.PlainBytes(), Stopwatch.GetElapsedTime(started));
        }

        var retainUntil = await commit.AnnounceAsync(cancellationToken).ConfigureAwait(false);
        var indexPath = _options.IndexFolder is null ? null : KnownTables.PathOf(_options.IndexFolder, repository.RepositoryId, description.Scope.Chain, description.Scope.Node);
        var index = LoadIndex(indexPath);
        var (result, next) = await TransferAsync(snapshot, description, id, commit, index, _options with { RetainUntil = retainUntil }, progress, started, cancellationToken).ConfigureAwait(false);
        if (indexPath is not null)
        {
            next.Save(indexPath);
            await new HeadFile(_options.IndexFolder!).RaiseAsync(description.Scope, id, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Gives a backup up that will not be tried again, so that no collection waits for it. A committed one is left alone.</summary>
    /// <returns>True when it is given up, false when it had committed.</returns>
    public Task<bool> AbandonAsync(BackupScope scope, BackupId id, string reason, CancellationToken cancellationToken) =>
        new ManifestCommit(repository, scope, id, Encrypts(scope.Kind), null).AbandonAsync(reason, cancellationToken);

    private async Task<(BackupResult Result, KnownTables Next)> TransferAsync(
        ISnapshot snapshot, BackupDescription description, BackupId id, ManifestCommit commit, KnownTables? index, WriterOptions options,
        IProgress<TransferProgress>? progress, long started, CancellationToken cancellationToken)
    {
        var nodePrefix = RepositoryKeys.Node(description.Scope);
        progress?.Report(new TransferProgress("prepare", 0, snapshot.Files.Count, 0, snapshot.Files.Sum(file => file.Size)));
        var marked = await Mark.ReadKeysAsync(repository.Store, nodePrefix, cancellationToken).ConfigureAwait(false);
        var listing = await ObjectListing.ReadAsync(repository.Store, nodePrefix, marked, cancellationToken).ConfigureAwait(false);
        var namingKey = Encrypts(description.Scope.Kind)
            ? await NamingKey.GetAsync(repository.Store, nodePrefix, repository.Options.KeyWrapper!, cancellationToken).ConfigureAwait(false)
            : null;

        var transfer = new SnapshotTransfer(snapshot, repository, nodePrefix, id, namingKey, listing, index, options, description.Scope.Kind);
        using (transfer)
        {
            await transfer.RunAsync(progress, cancellationToken).ConfigureAwait(false);
            snapshot.EnsureUnchanged();
            var (files, objects) = transfer.Assembly.Build(snapshot.Files);
            var manifest = Describe(description, id, snapshot.Instant, files, objects);
            progress?.Report(new TransferProgress("confirm", files.Count, files.Count, manifest.PlainBytes(), manifest.PlainBytes()));
            await ObjectConfirmation.ConfirmAsync(repository, nodePrefix, objects, cancellationToken).ConfigureAwait(false);
            await RetentionLock.ExtendAsync(repository, nodePrefix, objects, options.RetainUntil, cancellationToken).ConfigureAwait(false);
            progress?.Report(new TransferProgress("commit", files.Count, files.Count, manifest.PlainBytes(), manifest.PlainBytes()));
            var digest = await commit.CommitAsync(manifest, cancellationToken).ConfigureAwait(false);
            return (new BackupResult(manifest, commit.Key, id, digest, transfer.BytesRead, transfer.BytesUploaded, transfer.BytesReused, Stopwatch.GetElapsedTime(started)), transfer.Next);
        }
    }

    private bool Encrypts(string kind)
    {
        if (kind == BackupKinds.ChainState && !repository.Options.EncryptChainState)
        {
            return false;
        }

        return repository.Options.KeyWrapper is not null
            ? true
            : throw new BackupException(BackupErrorCodes.EncryptionKeyMissing, $"backups of kind '{kind}' are always encrypted and no wrapping key is configured: give a key file (openssl rand -hex 32) or a KMS key");
    }

    private KnownTables? LoadIndex(string? path)
    {
        var index = path is null ? null : KnownTables.Load(path);
        var age = index is null ? TimeSpan.Zero : repository.Options.Time.GetUtcNow() - index.FullReadAt;
        return age < TimeSpan.Zero || age > (_options.FullReadEvery ?? TimeSpan.FromDays(7)) ? null : index;
    }

    private Manifest Describe(
        BackupDescription description, BackupId id, InstantInfo instant, IReadOnlyList<ManifestFile> files, IReadOnlyList<ManifestObject> objects) => new(
        description.AppHash, description.AppVersion, description.BinaryVersion, description.BlockTime, description.Scope.Chain, description.DatabaseKind, files,
        ManifestRoots.FormatOf(description.Scope.Kind, description.Rooted), description.Height, id.ToString(),
        new ManifestInstant(instant.Copied, instant.CopiedBytes, instant.Linked, instant.Method, (long)instant.Pause.TotalMicroseconds, instant.TakenAt),
        description.Scope.Kind, description.Scope.Node, objects, description.Parent?.ToString(), description.Region, repository.RepositoryId);
}
