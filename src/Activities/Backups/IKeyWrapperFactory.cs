using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Opens the key that wraps data keys.</summary>
public interface IKeyWrapperFactory
{
    /// <summary>The wrapper of the estate's word; null where encryption is not configured.</summary>
    Task<IKeyWrapper?> CreateAsync(EncryptionSpec? encryption, CancellationToken cancellationToken);
}
