using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Rebuilds a backup's files in a new folder, whole and fsynced, or not at all; resumes after a crash.</summary>
/// <remarks>Killed at any moment, the node's own data is untouched, and the next call takes what is there and right.</remarks>
/// <param name="options">How.</param>
public sealed class RestoreStager(RestoreOptions? options = null)
{
    private readonly RestoreOptions _options = options ?? new RestoreOptions();

    /// <summary>The folder that a backup is staged in; its name holds the manifest's digest, so another backup never lands there.</summary>
    public static string FolderOf(string targetParentFolder, string digest) => Path.Combine(Path.GetFullPath(targetParentFolder), ".virtengine-restore-" + digest[..32]);

    /// <summary>Stages the backup below <paramref name="targetParentFolder"/>, taking each object from the first source whose bytes fit.</summary>
    /// <exception cref="BackupException">For example <c>no-space</c>, <c>object-corrupt</c>, <c>object-missing</c>, <c>sources-unreachable</c>.</exception>
    public async Task<StagedRestore> StageAsync(
        IReadOnlyList<BackupRepository> sources, string manifestKey, string targetParentFolder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var verified = await SourceManifest.ReadAsync(sources, manifestKey, cancellationToken).ConfigureAwait(false);
        if (verified.Manifest.Kind == BackupKinds.Forensic && !_options.Evidence)
        {
            throw new BackupException(BackupErrorCodes.EvidenceOnly, $"{manifestKey} is evidence: it holds a node as it was found broken, with an old signing state, and is never restored. Export it to look at it");
        }

        var folder = FolderOf(targetParentFolder, verified.Digest);
        var manifest = Select(verified.Manifest);
        using var stage = new StageFolder(folder, manifest);
        try
        {
            stage.Prepare();
            var missing = await stage.FindMissingAsync(_options.Parallelism, cancellationToken).ConfigureAwait(false);
            CheckSpace(folder, missing);
            var transfer = new ObjectTransfer(stage, missing, _options);
            var buffers = new BufferPool();
            using var reader = new ObjectReader(sources, RepositoryKeys.Node(manifest.Scope()), buffers, new RateLimiter(_options.BytesPerSecond, TimeProvider.System));
            await transfer.RunAsync(reader, buffers, progress, cancellationToken).ConfigureAwait(false);
            progress?.Report(new TransferProgress("sync", manifest.Files.Count, manifest.Files.Count, manifest.PlainBytes(), manifest.PlainBytes()));
            stage.Finish();
            return new StagedRestore(folder, manifest, verified.Digest, reader.Downloaded, manifest.PlainBytes() - missing.Bytes);
        }
        catch (IOException e) when (LinuxFiles.IsNoSpace(e))
        {
            throw new NoSpaceException(folder, 0, Free(folder), e);
        }
    }

    private Manifest Select(Manifest manifest) => _options.PathPrefixes is not { } prefixes
        ? manifest
        : manifest with { Files = [.. manifest.Files.Where(file => prefixes.Any(prefix => file.Path == prefix || file.Path.StartsWith(prefix.TrimEnd('/') + "/", StringComparison.Ordinal)))] };

    private void CheckSpace(string folder, MissingParts missing)
    {
        var free = Free(folder);
        if (missing.Bytes + _options.SpareBytes > free)
        {
            throw new NoSpaceException(folder, missing.Bytes + _options.SpareBytes, free);
        }
    }

    private static long Free(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
