using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The wrapping key from a file or KMS.</summary>
public sealed class KeyWrapperFactory : IKeyWrapperFactory
{
    /// <inheritdoc/>
    public IKeyWrapper? Create(EncryptionSpec? encryption) => encryption?.Type switch
    {
        null => null,
        _ => throw Failures.Permanent(ErrorTypes.NotConfigured, $"backups.encryption.type is '{encryption.Type}'; allowed are file and kms"),
    };
}
