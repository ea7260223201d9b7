using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Activities.Backups.Kms;

/// <summary>Wraps data keys by AWS KMS; the key never leaves it. The context is KMS's encryption context, so it stands in the audit trail.</summary>
/// <param name="client">The KMS client.</param>
/// <param name="keyId">The key's id, ARN or alias.</param>
internal sealed class KmsKeyWrapper(IAmazonKeyManagementService client, string keyId) : IKeyWrapper, IDisposable
{
    private const string ContextName = "virtengine-dr";

    /// <summary>Opens the key with a client of its own.</summary>
    public static KmsKeyWrapper Open(string keyId) => new(new AmazonKeyManagementServiceClient(Config(keyId)), keyId);

    /// <inheritdoc/>
    public string KeyId => "kms:" + keyId;

    /// <inheritdoc/>
    public async Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string context, CancellationToken cancellationToken)
    {
        using var plain = new MemoryStream(dataKey.ToArray(), writable: false);
        var request = new EncryptRequest { KeyId = keyId, Plaintext = plain, EncryptionContext = Context(context) };
        var response = await CallAsync(() => client.EncryptAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return response.CiphertextBlob.ToArray();
    }

    /// <inheritdoc/>
    public async Task<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken)
    {
        if (!keyId.StartsWith("kms:", StringComparison.Ordinal))
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"the data key is wrapped by '{keyId}', which is no KMS key");
        }

        using var blob = new MemoryStream(wrapped.ToArray(), writable: false);
        var request = new DecryptRequest { KeyId = keyId[4..], CiphertextBlob = blob, EncryptionContext = Context(context) };
        var response = await CallAsync(() => client.DecryptAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return response.Plaintext.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>A key's ARN names its region; else the environment does, as it does the endpoint (<c>AWS_ENDPOINT_URL_KMS</c>).</summary>
    private static AmazonKeyManagementServiceConfig Config(string key)
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

    private static Dictionary<string, string> Context(string context) => new(StringComparer.Ordinal) { [ContextName] = context };

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidCiphertextException or IncorrectKeyException)
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"KMS key {keyId}: the wrapped key, its context or the key do not fit", e);
        }
        catch (Exception e) when (e is NotFoundException or DisabledException or InvalidKeyUsageException or KMSInvalidStateException)
        {
            throw new BackupException(BackupErrorCodes.EncryptionKeyMissing, $"KMS key {keyId} cannot be used: {e.Message}", e);
        }
        catch (AmazonServiceException e)
        {
            var transient = (int)e.StatusCode is 0 or 429 or >= 500 || e.ErrorCode.Contains("Throttl", StringComparison.Ordinal);
            throw new ObjectStoreException($"KMS key {keyId}: {(int)e.StatusCode} {e.ErrorCode} {e.Message}", transient, e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreException($"KMS key {keyId}: {e.Message}", transient: true, e);
        }
    }
}
