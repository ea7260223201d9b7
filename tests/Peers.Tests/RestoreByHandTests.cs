using System.Text.RegularExpressions;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>The lines that the document gives to somebody who has nothing of ours left: exactly those are run.</summary>
public sealed partial class RestoreByHandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DocumentedLines_BackupInS3_RebuildEveryFile()
    {
        using var folder = new ScratchFolder();
        (S3Region region, BackupResult backup) = await BackUpAsync(folder);
        await using S3Region server = region;

        await RunLinesAsync(folder, server, backup);

        foreach (string file in Directory.EnumerateFiles(folder["home/data"], "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder["home"], file);
            if (Path.GetFileName(path) is not ("LOCK" or "priv_validator_state.json"))
            {
                Assert.Equal(await File.ReadAllBytesAsync(file, Token), await File.ReadAllBytesAsync(Path.Combine(folder["by-hand"], "restored", path), Token));
            }
        }
    }

    [Fact]
    public async Task DocumentedLines_ManifestChanged_StopAtTheSignature()
    {
        using var folder = new ScratchFolder();
        (S3Region region, BackupResult backup) = await BackUpAsync(folder);
        await using S3Region server = region;
        var aws = new Dictionary<string, string>(S3Region.Credentials) { ["AWS_ENDPOINT_URL"] = server.Endpoint, ["AWS_REGION"] = server.Name };
        string key = $"s3://{server.Bucket}/{backup.Key}", changed = folder["changed.json"];
        await ChildProgram.RunAsync("aws", ["s3", "cp", key, changed], aws, cancellationToken: Token);
        string text = await File.ReadAllTextAsync(changed, Token);
        await File.WriteAllTextAsync(changed, text.Replace("chain-1", "chain-2", StringComparison.Ordinal), Token);
        await ChildProgram.RunAsync("aws", ["s3", "cp", changed, key], aws, cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunLinesAsync(folder, server, backup));

        Assert.Contains("Signature Verification Failure", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder["by-hand"], "restored")));
    }

    private static async Task<(S3Region Server, BackupResult Backup)> BackUpAsync(ScratchFolder folder)
    {
        foreach (string program in (string[])["aws", "jq", "openssl", "zstd", "bash"])
        {
            RequiredProgram.Find(program);
        }

        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "testtest");
        string database = folder["home/data/application.db"];
        Directory.CreateDirectory(database);
        Directory.CreateDirectory(folder["home/config"]);
        await File.WriteAllTextAsync(folder["home/config/config.toml"], "db_backend = \"goleveldb\"\n", Token);
        await File.WriteAllTextAsync(Path.Combine(database, "CURRENT"), "MANIFEST-000001\n", Token);
        foreach ((string name, int size) in (ValueTuple<string, int>[])[("MANIFEST-000001", 300), ("000002.log", 70_000), ("../blocks.bin", 20 << 20), ("../empty", 0)])
        {
            byte[] bytes = new byte[size];
            new Random(size).NextBytes(bytes.AsSpan(0, size / 2));
            await File.WriteAllBytesAsync(Path.Combine(database, name), bytes, Token);
        }

        S3Region server = await S3Region.StartAsync("us-east-1", folder["s3"], Token);
        (PemSigner signer, string pem) = PemSigner.Generate();
        await File.WriteAllTextAsync(folder["signing.pem"], pem, Token);
        await ChildProgram.RunAsync("openssl", ["pkey", "-in", folder["signing.pem"], "-pubout", "-out", folder["signing.pub.pem"]], cancellationToken: Token);
        var bucket = new BucketSpec { Url = "s3://" + server.Bucket, Region = server.Name, Endpoint = server.Endpoint, PathStyle = true };
        var options = new RepositoryOptions { Signer = signer, Trust = new TrustStore([VerifyKeys.FromPem(signer.PublicKeyPem())]) };
        BackupRepository repository = await BackupRepository.CreateAsync(new ObjectStoreFactory().Create(bucket), options, Token);
        var request = new CaptureRequest(NodeLayout.Read(folder["home"]), folder["home/.staging"], "by-hand") { FreeSpaceFloor = 0 };
        await using ISnapshot snapshot = await new StoppedSnapshotter().CaptureAsync(request, Token);
        var description = new BackupDescription(new BackupScope("chain-1", "node-0", "chain-state"), server.Name, Height: 7);
        return (server, await new BackupWriter(repository).WriteAsync(snapshot, description, null, Token));
    }

    private static Task<string> RunLinesAsync(ScratchFolder folder, S3Region server, BackupResult backup)
    {
        string lines = ByHand().Match(File.ReadAllText(Path.Combine(Root(), "docs", "backups.md"))).Groups["lines"].Value;
        Assert.NotEmpty(lines);
        Directory.CreateDirectory(folder["by-hand"]);
        return ChildProgram.RunAsync("bash", ["-c", lines], new Dictionary<string, string>(S3Region.Credentials)
        {
            ["AWS_ENDPOINT_URL"] = server.Endpoint,
            ["AWS_REGION"] = server.Name,
            ["BUCKET"] = "s3://" + server.Bucket,
            ["NODE"] = "chain-1/node-0",
            ["ID"] = backup.Id.ToString(),
            ["PUBLIC_KEY"] = folder["signing.pub.pem"],
        }, folder["by-hand"], Token);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VirtEngine.DR.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the repository's root was not found");
        }

        return folder;
    }

    [GeneratedRegex("```sh by-hand\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ByHand();
}
