using VirtEngine.DR.Backups;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Starter.Errors;

/// <summary>The type of a failure of the backup library, where a command uses it directly.</summary>
internal static class BackupErrorTypes
{
    public static string Of(BackupException exception) => exception switch
    {
        { Transient: true } => ErrorTypes.Unavailable,
        { Code: BackupErrorCodes.ScopeInvalid } => ErrorTypes.InvalidInput,
        { Code: BackupErrorCodes.RepositoryMissing or BackupErrorCodes.BackupMissing or BackupErrorCodes.ManifestMissing } => ErrorTypes.NotFound,
        { Code: BackupErrorCodes.OptionsInvalid or BackupErrorCodes.KeyInvalid or BackupErrorCodes.EncryptionKeyMissing } => ErrorTypes.NotConfigured,
        { Code: BackupErrorCodes.NoSpace } => ErrorTypes.NoSpace,
        { Code: BackupErrorCodes.CollectionStopped or BackupErrorCodes.BackupRevoked or BackupErrorCodes.Superseded } => ErrorTypes.Conflict,
        _ => ErrorTypes.Untrusted,
    };
}
