using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Exporting;

/// <summary>Writes a backup in the layout of the plan's scripts, for people and programs that know only that.</summary>
/// <param name="signer">Signs the checksum file.</param>
public sealed class PlanExporter(IManifestSigner signer)
{
    /// <summary>Writes <c>region/state/state_height_utc{_data.tar.gz,.json,.sha256,.sig}</c> below the output folder, for configuration
    /// <c>region/config/config_backup_utc{.tar.gz,…}</c>, for evidence <c>region/forensic/forensic_height_utc{.tar.gz,…}</c>. The first archive unpacks in the node's home, the second holds <c>home/</c> and <c>root/</c>, the third <c>home/</c> and <c>evidence/</c>; the <c>.sha256</c> fits <c>sha256sum -c</c>; the <c>.sig</c> is the raw signature over the <c>.sha256</c>.</summary>
    /// <exception cref="BackupException">As for a restore; nothing under the final names is left then.</exception>
    public async Task<ExportResult> ExportAsync(
        IReadOnlyList<BackupRepository> sources, string manifestKey, string outputFolder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var verified = await SourceManifest.ReadAsync(sources, manifestKey, cancellationToken).ConfigureAwait(false);
        var configuration = verified.Manifest.Kind == BackupKinds.Configuration;
        var evidence = verified.Manifest.Kind == BackupKinds.Forensic;
        var folder = Path.Combine(Path.GetFullPath(outputFolder), SafeRegion(verified.Manifest.Region), configuration ? "config" : evidence ? "forensic" : "state");
        Directory.CreateDirectory(folder);
        var name = configuration
            ? FormattableString.Invariant($"config_backup_{verified.Id.Utc:yyyyMMdd_HHmmss}")
            : FormattableString.Invariant($"{(evidence ? "forensic" : "state")}_{verified.Manifest.Height}_{verified.Id.Utc:yyyyMMdd_HHmmss}");
        var archive = Path.Combine(folder, name + (configuration || evidence ? ".tar.gz" : "_data.tar.gz"));
        var temporary = archive + ".tmp";
        try
        {
            await WriteArchiveAsync(sources, verified.Manifest, temporary, progress, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, archive, overwrite: true);
        }
        catch (IOException e) when (LinuxFiles.IsNoSpace(e))
        {
            throw new NoSpaceException(folder, 0, new DriveInfo(folder).AvailableFreeSpace, e);
        }
        finally
        {
            File.Delete(temporary);
        }

        var metadata = Path.Combine(folder, name + ".json");
        var summary = verified.Manifest with { Files = [], Objects = [] };
        LinuxFiles.WriteDurably(metadata, JsonSerializer.SerializeToUtf8Bytes(new ExportMetadata(verified.Digest, summary), BackupJson.Options));
        var checksums = Path.Combine(folder, name + ".sha256");
        var text = new StringBuilder();
        foreach (var path in new[] { metadata, archive })
        {
            var stream = File.OpenRead(path);
            await using (stream.ConfigureAwait(false))
            {
                text.Append(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false))).Append("  ").Append(Path.GetFileName(path)).Append('\n');
            }
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        LinuxFiles.WriteDurably(checksums, bytes);
        var signature = Path.Combine(folder, name + ".sig");
        LinuxFiles.WriteDurably(signature, await signer.SignAsync(bytes, cancellationToken).ConfigureAwait(false));
        return new ExportResult(folder, name, [archive, metadata, checksums, signature], new FileInfo(archive).Length);
    }

    private static async Task WriteArchiveAsync(
        IReadOnlyList<BackupRepository> sources, Manifest manifest, string path, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var buffers = new BufferPool();
        using var reader = new ObjectReader(sources, RepositoryKeys.Node(manifest.Scope()), buffers, new RateLimiter(0, TimeProvider.System));
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await using (file.ConfigureAwait(false))
        {
            var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
            {
                var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
                await using (tar.ConfigureAwait(false))
                {
                    await WriteEntriesAsync(tar, reader, manifest, buffers, progress, cancellationToken).ConfigureAwait(false);
                }
            }

            file.Flush(flushToDisk: true);
        }
    }

    private static async Task WriteEntriesAsync(
        TarWriter tar, ObjectReader reader, Manifest manifest, BufferPool buffers, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long bytes = 0;
        var done = 0;
        var total = manifest.PlainBytes();
        foreach (var file in manifest.Files)
        {
            var content = new PartStream(reader, manifest, file, buffers, cancellationToken);
            await using (content.ConfigureAwait(false))
            {
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, file.Path) { Mode = (UnixFileMode)file.Mode, ModificationTime = manifest.Instant.TakenAt, DataStream = content }, cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(new TransferProgress("transfer", ++done, manifest.Files.Count, bytes += file.Size, total));
        }
    }

    private static string SafeRegion(string region)
    {
        SafePaths.Check(region, "region");
        return region;
    }

    private sealed record ExportMetadata(string Digest, Manifest Manifest);
}
