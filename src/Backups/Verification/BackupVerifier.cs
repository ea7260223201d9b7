using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Verification;

/// <summary>Climbs the ladder's rungs 1 to 3 and records each with its time beside the backup.</summary>
/// <param name="options">Who verifies, how much.</param>
public sealed class BackupVerifier(VerifierOptions options)
{
    /// <summary>Verifies up to the rung, lower ones first, and records each outcome. A failed rung is a record, not an exception.</summary>
    /// <returns>The records made, in order; the last one tells the outcome.</returns>
    public Task<IReadOnlyList<RungRecord>> VerifyAsync(
        BackupRepository repository, string manifestKey, Rung rung, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException(options.Verifier);

    /// <summary>Records a rung that the caller climbed (the fourth: a started node).</summary>
    public Task RecordRungAsync(BackupRepository repository, string manifestKey, RungRecord record, CancellationToken cancellationToken) => throw new NotImplementedException(options.Verifier);
}
