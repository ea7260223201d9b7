using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real S3 server in the place of one region's.</summary>
public sealed class S3Region : IAsyncDisposable
{
    private readonly ChildProgram _server;

    private S3Region(ChildProgram server, string name, int port) => (_server, Name, Port) = (server, name, port);

    /// <summary>The credentials of every such server.</summary>
    public static IReadOnlyDictionary<string, string> Credentials { get; } =
        new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "test", ["AWS_SECRET_ACCESS_KEY"] = "testtest" };

    /// <summary>The region's name; the bucket is called <c>dr-&lt;name&gt;</c>.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its endpoint.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Its bucket.</summary>
    public string Bucket => "dr-" + Name;

    /// <summary>Starts it with an empty bucket; the bucket is a folder on the server's disk.</summary>
    public static Task<S3Region> StartAsync(string name, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "dr-" + name));
        return StartAsync(name, name, folder, [], cancellationToken);
    }

    private static async Task<S3Region> StartAsync(string name, string region, string folder, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        string program = RequiredProgram.Find("versitygw");
        Directory.CreateDirectory(folder);
        int port = FreePorts.One();
        ChildProgram server = ChildProgram.Start(
            program, ["--port", $"127.0.0.1:{port}", "--region", region, "posix", .. more, folder],
            new Dictionary<string, string> { ["ROOT_ACCESS_KEY"] = "test", ["ROOT_SECRET_KEY"] = "testtest" });
        await Eventually.TrueAsync("the S3 server listens: " + server.Output, TimeSpan.FromSeconds(15), async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, cancellationToken);
        return new S3Region(server, name, port);
    }

    /// <summary>Starts one with an empty write-once bucket <c>dr-&lt;name&gt;</c>: versions, and object lock.</summary>
    public static async Task<S3Region> StartLockedAsync(string name, string region, string folder, CancellationToken cancellationToken)
    {
        S3Region server = await StartAsync(name, region, folder, ["--versioning-dir", Directory.CreateDirectory(folder + "-versions").FullName], cancellationToken);
        using var client = new AmazonS3Client(new BasicAWSCredentials("test", "testtest"), new AmazonS3Config { ServiceURL = server.Endpoint, ForcePathStyle = true, AuthenticationRegion = region });
        await client.PutBucketAsync(new PutBucketRequest { BucketName = server.Bucket, ObjectLockEnabledForBucket = true }, cancellationToken);
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
