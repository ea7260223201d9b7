using System.Net;
using System.Net.Sockets;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using VirtEngine.DR.Activities.ObjectStore.S3;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Activities.Signing.S3;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Tests.ObjectStore;

/// <summary>The register's buckets on a real S3 server.</summary>
public sealed class S3RegisterBucketTests
{
    private static readonly SignerName Signer = new("race-1", new string('E', 40));
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutIfAbsent_RacedByManyAskers_HasOneWinnerAndEverybodyLearnsIt()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        using var bucket = Open(server.Url, versioned: false);
        var client = new RegisterClient("r", [bucket], SignerRules.Instance, TimeSpan.FromSeconds(30));
        for (var epoch = 1; epoch <= 20; epoch++)
        {
            var key = RegisterKeys.Slot(Signer, epoch);
            var bodies = Enumerable.Range(0, 8).Select(asker => Encoding.UTF8.GetBytes($"asker {asker}")).ToArray();
            var outcomes = await Task.WhenAll(bodies.Select(body => client.WriteAsync(bucket.Name, key, body, _token)));

            var winner = Array.IndexOf(outcomes, WriteOutcome.Written);
            Assert.Single(outcomes, WriteOutcome.Written);
            Assert.All(outcomes.Where((_, asker) => asker != winner), outcome => Assert.Equal(WriteOutcome.Taken, outcome));
            Assert.Equal(bodies[winner], (await bucket.GetAsync(key, _token)).Body);
            Assert.Equal(WriteOutcome.Written, await client.WriteAsync(bucket.Name, key, bodies[winner], _token));
        }

        Assert.Equal(20, (await bucket.ListAsync(RegisterKeys.Folder(Signer), _token)).Keys!.Count);
    }

    [Fact]
    public async Task Get_AnOverwrittenOrDeletedVersion_ReadsTheOldest()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token, locked: true);
        using var bucket = Open(server.Url, versioned: true);
        var key = RegisterKeys.Slot(Signer, 1);
        Assert.Equal(PutAnswer.Created, await bucket.PutIfAbsentAsync(key, "first"u8.ToArray(), _token));
        using var foreign = Client(server.Url);
        await foreign.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = "backups", Key = "pre/" + key, ContentBody = "second" }, _token);

        Assert.Equal("first"u8.ToArray(), (await bucket.GetAsync(key, _token)).Body);
    }

    [Fact]
    public async Task Get_WithoutRights_IsUnreachableAndNeverEmpty()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        using var bucket = new S3RegisterBucket("a", Client(server.Url, "wrongwrong"), "backups", "pre/", versioned: false);

        Assert.Equal(PutAnswer.Forbidden, await bucket.PutIfAbsentAsync("x", "1"u8.ToArray(), _token));
        Assert.NotNull((await bucket.GetAsync("x", _token)).Unreachable);
        Assert.Null((await bucket.ListAsync("", _token)).Keys);
        using var absent = new S3RegisterBucket("a", Client(server.Url), "no-such-bucket", "", versioned: false);
        Assert.NotNull((await absent.GetAsync("x", _token)).Unreachable);
        Assert.Null((await absent.ListAsync("", _token)).Keys);
    }

    [Fact]
    public async Task PutIfAbsent_WithoutAnAnswer_IsAskedOnceAndUnknown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var requests = 0;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_token);
        var serving = ServeAsync(listener, () => requests++, ended.Token);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "testtest");
        var bucket = RegisterBuckets.Open(new GateBucket { Name = "a", Url = "s3://b/p", Region = "us-east-1", PathStyle = true, Endpoint = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}" });

        Assert.Equal(PutAnswer.Unknown, await bucket.PutIfAbsentAsync("x", "1"u8.ToArray(), _token));
        Assert.Equal(1, requests);
        await ended.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Folder_ThatIsNotThere_IsUnreachable()
    {
        using var folder = new TempFolder();
        var absent = RegisterBuckets.Open(new GateBucket { Name = "a", Url = new Uri(folder.File("none")).AbsoluteUri, Region = "here" });
        Assert.Null((await absent.ListAsync("", _token)).Keys);
        Assert.Equal(PutAnswer.Unknown, await absent.PutIfAbsentAsync("x", "1"u8.ToArray(), _token));

        Directory.CreateDirectory(folder.File("there"));
        var there = RegisterBuckets.Open(new GateBucket { Name = "a", Url = new Uri(folder.File("there")).AbsoluteUri, Region = "here" });
        Assert.Equal(PutAnswer.Created, await there.PutIfAbsentAsync("signers/x", "1"u8.ToArray(), _token));
        Assert.Equal(PutAnswer.Exists, await there.PutIfAbsentAsync("signers/x", "2"u8.ToArray(), _token));
        Assert.Equal("1"u8.ToArray(), (await there.GetAsync("signers/x", _token)).Body);
        Assert.Equal(["signers/x"], (await there.ListAsync("signers/", _token)).Keys);
    }

    private static async Task ServeAsync(TcpListener listener, Action seen, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                var stream = client.GetStream();
                if (await stream.ReadAsync(new byte[16_384], cancellationToken) > 0)
                {
                    seen();
                    await stream.WriteAsync("HTTP/1.1 503 Slow\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static S3RegisterBucket Open(Uri url, bool versioned) => new("a", Client(url), "backups", "pre/", versioned);

    private static AmazonS3Client Client(Uri url, string secret = "testtest")
    {
        var config = S3Clients.Config(new BucketSpec { Url = "s3://backups/pre", Region = "us-east-1", Endpoint = url.AbsoluteUri, PathStyle = true });
        config.MaxErrorRetry = 0;
        return new AmazonS3Client(new BasicAWSCredentials("test", secret), config);
    }
}
