using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Forensics;

/// <summary>Write-once on a real server with object lock, and on one that only says so.</summary>
public sealed class ForensicLockTests
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preserve_LockedBucket_NothingOfTheCopyCanBeDeletedOrReplaced()
    {
        await using var server = await S3Peer.StartAsync("versitygw", Token, locked: true);
        using var bench = new ForensicBench(server.Open(locked: true), Spec(server.Url));
        var before = DateTimeOffset.UtcNow;
        var forecast = await bench.Activities.ForecastAsync(bench.Act());

        var receipt = await bench.Activities.PreserveAsync(bench.Act() with { WithoutLock = false });

        Assert.Empty(forecast.Problems);
        Assert.True(forecast.WriteOnce);
        Assert.True(forecast.LockedUntil >= before + Period, $"{forecast.LockedUntil:O}");
        Assert.True(receipt.LockedUntil >= before + Period - TimeSpan.FromSeconds(2), $"{receipt.LockedUntil:O}");
        var repository = await bench.OpenAsync();
        var manifest = (await VirtEngine.DR.Backups.Manifests.ManifestReader.ReadAsync(repository, receipt.Key, Token)).Manifest;
        var keys = manifest.Objects.Select(item => RepositoryKeys.Node(manifest.Scope()) + item.Key).Append(receipt.Key).Append(RepositoryKeys.Signature(receipt.Key));
        foreach (var key in keys)
        {
            await foreach (var version in repository.Store.ListVersionsAsync(key, Token))
            {
                await Assert.ThrowsAsync<ObjectStoreException>(() => repository.Store.DeleteAsync(key, version.Version, Token));
            }
        }

        // A delete without a version only hides a name: the bytes are still there and still the same.
        await repository.Store.DeleteAsync(receipt.Key, null, Token);
        var found = await VirtEngine.DR.Backups.Manifests.ManifestReader.ReadAnyVersionAsync(repository, receipt.Key, Token);
        Assert.Equal(receipt.Digest, found.Digest);
    }

    [Fact]
    public async Task Preserve_BucketWithoutTheLockThatTheEstateSays_IsNoSuccess()
    {
        await using var server = await S3Peer.StartAsync("versitygw", Token, locked: false);
        using var bench = new ForensicBench(server.Open(locked: true), Spec(server.Url));

        var failure = await Make.FailureAsync(bench.Activities.PreserveAsync(bench.Act()));

        Assert.Contains(failure.ErrorType, new[] { ErrorTypes.Unavailable, ErrorTypes.Untrusted });
        Assert.NotEqual(Contracts.Forensics.ForensicProgress.Complete, (await bench.Activities.LookAsync(bench.Act(2))).Progress);
    }

    private static BucketSpec Spec(Uri url) => new()
    {
        Url = "s3://backups/pre",
        Region = "us-east-1",
        Endpoint = url.AbsoluteUri,
        PathStyle = true,
        ObjectLock = true,
        Lock = Period,
    };
}
