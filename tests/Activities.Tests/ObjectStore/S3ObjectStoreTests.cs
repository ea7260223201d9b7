using System.Text;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.ObjectStore;

public sealed class S3ObjectStoreTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Peers => new("versitygw", "moto-server");

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task PutGetListDelete_RealPeer_KeepsTheContract(string peer)
    {
        await using var server = await S3Peer.StartAsync(peer, _token);
        var store = server.Open();
        var body = new byte[1_000_000];
        new Random(7).NextBytes(body);
        Assert.Equal(PutOutcome.Created, await store.PutAsync("a/one", body, null, _token));
        Assert.Equal(PutOutcome.Exists, await store.PutAsync("a/one", new byte[1], null, _token));
        Assert.Equal(body, await store.ReadAllAsync("a/one", 2_000_000, _token));
        Assert.Equal(PutOutcome.Created, await store.PutAsync("a/mark", "1"u8.ToArray(), new PutOptions(Overwrite: true), _token));
        Assert.Equal(PutOutcome.Created, await store.PutAsync("a/mark", "22"u8.ToArray(), new PutOptions(Overwrite: true), _token));
        Assert.Equal("22"u8.ToArray(), await store.ReadAllAsync("a/mark", 10, _token));
        var head = await store.HeadAsync("a/one", _token);
        Assert.Equal(body.Length, head!.Size);
        Assert.True(Math.Abs((DateTimeOffset.UtcNow - head.LastModified).TotalMinutes) < 5);
        Assert.Null(await store.HeadAsync("a/none", _token));
        Assert.Null(await store.OpenAsync("a/none", null, _token));
        await store.PutAsync("b/other", "x"u8.ToArray(), null, _token);
        Assert.Equal(["a/mark", "a/one"], (await store.ListAsync("a/", _token).ToListAsync(_token)).Select(item => item.Key));
        await store.DeleteAsync("a/one", null, _token);
        await store.DeleteAsync("a/one", null, _token);
        Assert.Null(await store.HeadAsync("a/one", _token));
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Put_ManyAtOnceUnderOneKey_OneWins(string peer)
    {
        await using var server = await S3Peer.StartAsync(peer, _token);
        var store = server.Open();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.PutAsync("race", Encoding.UTF8.GetBytes($"{i}"), null, _token)));
        Assert.Equal(1, outcomes.Count(outcome => outcome == PutOutcome.Created));
    }

    [Fact]
    public async Task List_MoreThanAPage_ComesWhole()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        var store = server.Open();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), _token, async (i, token) => await store.PutAsync($"p/{i:0000}", new byte[1], null, token));
        var keys = (await store.ListAsync("p/", _token).ToListAsync(_token)).Select(item => item.Key).ToArray();
        Assert.Equal(1100, keys.Length);
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task Open_WrongSecret_IsPermanentAndNotAMissingObject()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        var store = server.Open(profile: "wrong");
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.HeadAsync("x", _token));
        Assert.False(failure.Transient, failure.Message);
    }

    [Fact]
    public async Task Head_MissingBucket_IsAnError()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        var store = server.Open(bucket: "nowhere");
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(async () => await store.ListAsync("", _token).ToListAsync(_token));
        Assert.False(failure.Transient, failure.Message);
    }

    [Fact]
    public async Task ExtendRetention_LockedBucket_VersionStaysReadable()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token, locked: true);
        var store = server.Open(locked: true);
        var until = DateTimeOffset.UtcNow.AddMinutes(10);
        await store.PutAsync("locked", "first"u8.ToArray(), new PutOptions(RetainUntil: until), _token);
        await store.ExtendRetentionAsync("locked", null, until.AddHours(1), _token);
        await store.PutAsync("locked", "second"u8.ToArray(), new PutOptions(Overwrite: true), _token);
        await store.DeleteAsync("locked", null, _token);
        var versions = await store.ListVersionsAsync("locked", _token).ToListAsync(_token);
        Assert.Equal(2, versions.Count);
        var contents = new List<string>();
        foreach (var version in versions)
        {
            contents.Add(Encoding.UTF8.GetString((await store.ReadAllAsync("locked", version.Version, 100, _token))!));
        }

        Assert.Equal(["first", "second"], contents.Order());
        var first = versions[contents.IndexOf("first")];
        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => store.DeleteAsync("locked", first.Version, _token));
        Assert.False(refused.Transient);
    }

    [Fact]
    public async Task Put_StorageClassAndKms_AreSent()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, ""));
        await S3Peer.Open(server.Url, storageClass: "STANDARD_IA", kmsKey: "alias/backups").PutAsync("k", new byte[] { 1 }, null, _token);
        var request = server.Requests[0].ToLowerInvariant();
        Assert.Contains("x-amz-storage-class: standard_ia", request, StringComparison.Ordinal);
        Assert.Contains("x-amz-server-side-encryption: aws:kms", request, StringComparison.Ordinal);
        Assert.Contains("if-none-match: *", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "InternalError", true)]
    [InlineData(503, "SlowDown", true)]
    [InlineData(403, "AccessDenied", false)]
    [InlineData(404, "NoSuchBucket", false)]
    [InlineData(400, "InvalidArgument", false)]
    public async Task Head_ServerSaysNo_IsClassified(int status, string code, bool transient)
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(status, $"<Error><Code>{code}</Code><Message>m</Message></Error>", "Content-Type: application/xml\r\n"));
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(async () => await S3Peer.Open(server.Url).ListAsync("", _token).ToListAsync(_token));
        Assert.Equal(transient, failure.Transient);
        Assert.Equal(transient, server.Count > 1);
    }

    [Fact]
    public async Task Read_HalfABody_IsTransient()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, "half", "Last-Modified: Wed, 21 Oct 2026 07:28:00 GMT\r\n", length: 8));
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => S3Peer.Open(server.Url).ReadAllAsync("k", 100, _token));
        Assert.True(failure.Transient);
    }

    [Fact]
    public async Task Read_WrongChecksum_IsAnError()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(200, "body", "x-amz-checksum-crc32: AAAAAA==\r\nLast-Modified: Wed, 21 Oct 2026 07:28:00 GMT\r\n"));
        await Assert.ThrowsAsync<ObjectStoreException>(() => S3Peer.Open(server.Url).ReadAllAsync("k", 100, _token));
    }

    [Fact]
    public async Task Put_ConnectionRefused_IsTransient()
    {
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(
            () => S3Peer.Open(new Uri($"http://127.0.0.1:{FreePorts.One()}")).PutAsync("k", new byte[1], null, _token));
        Assert.True(failure.Transient);
    }

    [Fact]
    public void Create_UnknownScheme_SaysWhatIsAllowed()
    {
        var failure = Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => new ObjectStoreFactory().Create(new BucketSpec { Url = "ftp://x/y", Region = "r1" }));
        Assert.Contains("s3://bucket/prefix", failure.Message, StringComparison.Ordinal);
    }
}
