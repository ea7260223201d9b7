using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Turns the backup library's errors into typed failures; what is permanent is not tried again.</summary>
public static class BackupFailures
{
    private const int NoSpaceErrno = 28;
    private const int QuotaErrno = 122;

    /// <summary>Runs the work and maps what it throws.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (Map(e) is { } mapped)
        {
            throw mapped;
        }
    }

    /// <summary>The failure of an exception; null for those that are to be seen as they are.</summary>
    public static ApplicationFailureException? Map(Exception exception) => exception switch
    {
        ApplicationFailureException or OperationCanceledException => null,
        BackupException { Transient: true } e => Failures.Transient(e.Message, e),
        BackupException e => Failures.Permanent(TypeOf(e), e.Message, e),
        SnapshotException e => Failures.Permanent(TypeOfSnapshot(e), e.Message, e),
        ObjectStoreException { Transient: true } e => Failures.Transient(e.Message, e),
        ObjectStoreException e => Failures.Permanent(ErrorTypes.Unavailable, e.Message, e),
        IOException e when IsNoSpace(e) => Failures.Permanent(ErrorTypes.NoSpace, e.Message, e),
        IOException e => Failures.Transient(e.Message, e),
        UnauthorizedAccessException e => Failures.Permanent(ErrorTypes.Forbidden, $"{e.Message} Run the worker as the node's user or root.", e),
        AggregateException { InnerExceptions: [var only] } => Map(only),
        _ => null,
    };

    private static bool IsNoSpace(IOException e) => (e.HResult & 0xFFFF) is NoSpaceErrno or QuotaErrno || e.Message.Contains("No space left", StringComparison.Ordinal);

    /// <summary>The type of a failure of the backup library, one of <see cref="ErrorTypes"/>.</summary>
    public static string TypeOf(BackupException exception) => exception.Code switch
    {
        _ when exception.Transient => ErrorTypes.Unavailable,
        BackupErrorCodes.ScopeInvalid => ErrorTypes.InvalidInput,
        BackupErrorCodes.RepositoryMissing or BackupErrorCodes.BackupMissing or BackupErrorCodes.ManifestMissing => ErrorTypes.NotFound,
        BackupErrorCodes.OptionsInvalid or BackupErrorCodes.KeyInvalid or BackupErrorCodes.EncryptionKeyMissing => ErrorTypes.NotConfigured,
        BackupErrorCodes.NoSpace => ErrorTypes.NoSpace,
        BackupErrorCodes.SourceChanged => ErrorTypes.Discarded,
        BackupErrorCodes.SecretRefused or BackupErrorCodes.EvidenceOnly or BackupErrorCodes.SigningStateMissing or BackupErrorCodes.SigningStateUnreadable => ErrorTypes.Forbidden,
        BackupErrorCodes.Superseded or BackupErrorCodes.BackupRevoked or BackupErrorCodes.CollectionStopped
            or BackupErrorCodes.StagingMismatch or BackupErrorCodes.SwapConflict => ErrorTypes.Conflict,
        _ => ErrorTypes.Untrusted,
    };

    private static string TypeOfSnapshot(SnapshotException e) => e.Code switch
    {
        _ when e.Transient => ErrorTypes.Discarded,
        SnapshotErrors.AttemptReused => ErrorTypes.Discarded,
        SnapshotErrors.TargetDenied => ErrorTypes.Forbidden,
        SnapshotErrors.LinkRefused or SnapshotErrors.LayoutInvalid or SnapshotErrors.PauseTooLarge or SnapshotErrors.NoStateSyncSnapshot => ErrorTypes.NotConfigured,
        SnapshotErrors.DiskLow => ErrorTypes.NoSpace,
        SnapshotErrors.SourceCorrupt => ErrorTypes.Untrusted,
        _ => ErrorTypes.Conflict,
    };
}
