using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using VirtEngine.DR.Activities.Backups.Kms;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>Data keys wrapped by KMS: on moto what it knows, against exact answers what it does not.</summary>
public sealed class KmsKeyWrapperTests
{
    private static readonly byte[] DataKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task WrapUnwrap_Moto_GivesTheKeyBackAndOnlyInItsContext()
    {
        await using var server = await S3Peer.StartAsync("moto-server", _token);
        using var client = Client(server.Url);
        var key = (await client.CreateKeyAsync(new CreateKeyRequest(), _token)).KeyMetadata.KeyId;
        using var wrapper = new KmsKeyWrapper(Client(server.Url), key);

        var wrapped = await wrapper.WrapAsync(DataKey, "virtengine-1/fullnode-0/objects", _token);

        Assert.NotEqual(DataKey, wrapped);
        Assert.Equal("kms:" + key, wrapper.KeyId);
        Assert.Equal(DataKey, await wrapper.UnwrapAsync(wrapper.KeyId, wrapped, "virtengine-1/fullnode-0/objects", _token));
        var elsewhere = await Assert.ThrowsAsync<BackupException>(() => wrapper.UnwrapAsync(wrapper.KeyId, wrapped, "virtengine-1/other/objects", _token));
        Assert.Equal(BackupErrorCodes.DecryptionFailed, elsewhere.Code);
        var file = await Assert.ThrowsAsync<BackupException>(() => wrapper.UnwrapAsync("file:1", wrapped, "c", _token));
        Assert.Equal(BackupErrorCodes.DecryptionFailed, file.Code);
    }

    [Fact]
    public async Task Wrap_MotoHasNoSuchKey_IsPermanentAndNamesIt()
    {
        await using var server = await S3Peer.StartAsync("moto-server", _token);
        using var wrapper = new KmsKeyWrapper(Client(server.Url), "alias/nobody");

        var failure = await Assert.ThrowsAsync<BackupException>(() => wrapper.WrapAsync(DataKey, "c", _token));

        Assert.Equal(BackupErrorCodes.EncryptionKeyMissing, failure.Code);
        Assert.Contains("alias/nobody", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DisabledException")]
    [InlineData("KMSInvalidStateException")]
    [InlineData("InvalidKeyUsageException")]
    public async Task Wrap_KeyCannotBeUsed_IsPermanent(string type)
    {
        await using var server = Answering(400, type);
        using var wrapper = new KmsKeyWrapper(Client(server.Url), "alias/backups");

        var failure = await Assert.ThrowsAsync<BackupException>(() => wrapper.WrapAsync(DataKey, "c", _token));

        Assert.Equal((BackupErrorCodes.EncryptionKeyMissing, false), (failure.Code, failure.Transient));
        Assert.Equal(1, server.Count);
    }

    [Theory]
    [InlineData(400, "AccessDeniedException", false)]
    [InlineData(400, "ThrottlingException", true)]
    [InlineData(500, "KMSInternalException", true)]
    [InlineData(503, "ServiceUnavailableException", true)]
    public async Task Unwrap_ServiceSaysNo_IsClassified(int status, string type, bool transient)
    {
        await using var server = Answering(status, type);
        using var wrapper = new KmsKeyWrapper(Client(server.Url), "alias/backups");

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => wrapper.UnwrapAsync("kms:alias/backups", DataKey, "c", _token));

        Assert.True(transient == failure.Transient, failure.Message);
        Assert.Equal(transient, server.Count > 1);
    }

    private static FaultyServer Answering(int status, string type) =>
        new((_, _) => FaultyServer.Answer(status, $$"""{"__type":"{{type}}","message":"m"}""", $"Content-Type: application/x-amz-json-1.1\r\nx-amzn-ErrorType: {type}\r\n"));

    private static AmazonKeyManagementServiceClient Client(Uri url) => new(
        new BasicAWSCredentials("test", "testtest"),
        new AmazonKeyManagementServiceConfig { ServiceURL = url.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 2, Timeout = TimeSpan.FromSeconds(10) });
}
