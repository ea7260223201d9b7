using System.Collections.Concurrent;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.Runtime;
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
            "kms" => new KmsKeyWrapper(new AmazonKeyManagementServiceClient(KmsConfig(encryption.Key)), encryption.Key),
            _ => throw Failures.Permanent(ErrorTypes.NotConfigured, $"backups.encryption.type is '{encryption.Type}'; allowed are file and kms"),
        });
    }

    /// <summary>A key's ARN names its region; else the environment does, as it does the endpoint (<c>AWS_ENDPOINT_URL_KMS</c>).</summary>
    private static AmazonKeyManagementServiceConfig KmsConfig(string key)
    {
        var config = new AmazonKeyManagementServiceConfig
        {
            Timeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
        };
        if (key.Split(':') is ["arn", _, "kms", { Length: > 0 } region, ..])
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
