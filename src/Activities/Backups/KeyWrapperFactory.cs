using System.Collections.Concurrent;
using VirtEngine.DR.Activities.Backups.Kms;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>The wrapping key from a file or KMS; opened once.</summary>
public sealed class KeyWrapperFactory : IKeyWrapperFactory
{
    private readonly ConcurrentDictionary<EncryptionSpec, IKeyWrapper> _open = new();

    /// <inheritdoc/>
    public async Task<IKeyWrapper?> CreateAsync(EncryptionSpec? encryption, CancellationToken cancellationToken)
    {
        if (encryption is null)
        {
            return null;
        }

        if (_open.TryGetValue(encryption, out var known))
        {
            return known;
        }

        return _open.GetOrAdd(encryption, encryption.Type switch
        {
            "file" => await FileKeyWrapper.LoadAsync([encryption.Key], cancellationToken).ConfigureAwait(false),
            "kms" => KmsKeyWrapper.Open(encryption.Key),
            _ => throw Failures.Permanent(ErrorTypes.NotConfigured, $"backups.encryption.type is '{encryption.Type}'; allowed are file and kms"),
        });
    }
}
