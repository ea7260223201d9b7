using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;

namespace VirtEngine.DR.Backups.Exporting;

/// <summary>Writes a backup in the layout of the plan's scripts, for people and programs that know only that.</summary>
/// <param name="signer">Signs the checksum file.</param>
public sealed class PlanExporter(IManifestSigner signer)
{
    /// <summary>Writes <c>region/state/state_height_utc{_data.tar.gz,.json,.sha256,.sig}</c> below the output folder.</summary>
    public Task<ExportResult> ExportAsync(
        IReadOnlyList<BackupRepository> sources, string manifestKey, string outputFolder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException(signer.KeyId);
}
