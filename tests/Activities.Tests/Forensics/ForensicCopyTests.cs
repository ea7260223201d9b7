using System.Text;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Forensics;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Forensics;

/// <summary>What a forensic copy holds, and when none is made.</summary>
public sealed class ForensicCopyTests : IDisposable
{
    private readonly ForensicBench _bench = new(new VersionedMemoryStore(versioned: false) { Now = DateTimeOffset.UtcNow });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preserve_StoppedNode_HoldsEverythingAsItIs()
    {
        var receipt = await _bench.Activities.PreserveAsync(_bench.Act());

        var copy = await _bench.ReadAsync(receipt);
        foreach (var (path, bytes) in _bench.Evidence)
        {
            Assert.True(copy.TryGetValue("home/" + path, out var copied), path + " is missing");
            Assert.Equal(bytes, copied);
        }

        Assert.Equal("started\npanic: wrong app hash\n", Encoding.UTF8.GetString(copy["evidence/log/node.log"]));
        Assert.Contains("run-1", Encoding.UTF8.GetString(copy["evidence/run.json"]), StringComparison.Ordinal);
        Assert.Equal(copy.Count, receipt.Files);
        Assert.Equal(_bench.Evidence.Count + 3, receipt.Files);
    }

    [Fact]
    public async Task Preserve_PrivateKeys_StayOutAndAreSaidWithTheirPublicHalf()
    {
        var receipt = await _bench.Activities.PreserveAsync(_bench.Act());

        var copy = await _bench.ReadAsync(receipt);
        var all = string.Join('\n', copy.Values.Select(Encoding.Latin1.GetString));
        foreach (var secret in new[] { "c2VjcmV0LWNvbnNlbnN1cw", "c2VjcmV0LW5vZGU", "c2VjcmV0LW9sZA", "c2VjcmV0LW9wZXJhdG9y", "c2VjcmV0LXRta21z" })
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }

        var left = receipt.LeftOut.ToDictionary(one => one.Path, StringComparer.Ordinal);
        Assert.Equal("cHVibGlj", left["config/priv_validator_key.json"].PublicKey);
        Assert.Superset(
            new HashSet<string> { "config/node_key.json", "config/old-key.txt", "config/keyring-file/operator.info", "config/tmkms/softsign.key" }, left.Keys.ToHashSet());
        Assert.Contains("config/old-key.txt", Encoding.UTF8.GetString(copy["evidence/left-out.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preserve_SignerKeepsItsStateElsewhere_ThatIsInItToo()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("state.json"), """{"height":"41","round":"0","step":2}""", Token);
        var node = _bench.Slice.Target.Node with { Signer = new() { Format = VirtEngine.DR.Signing.HrsFormat.Tmkms, HrsFile = folder.File("state.json") } };
        _bench.Slice = _bench.Slice with { Target = _bench.Slice.Target with { Node = node } };

        var copy = await _bench.ReadAsync(await _bench.Activities.PreserveAsync(_bench.Act()));

        Assert.Contains("\"41\"", Encoding.UTF8.GetString(copy["evidence/beside/state.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preserve_NodeRuns_IsRefused()
    {
        using var node = _bench.Node.StartForeign();
        try
        {
            await Eventually.TrueAsync(() => Activities.Nodes.Process.LockHolders.Find(Path.Combine(_bench.Node.Home, "data")).Holders.Count > 0, "the node holds its databases");

            var failure = await Make.FailureAsync(_bench.Activities.PreserveAsync(_bench.Act()));

            Assert.Equal(ErrorTypes.Conflict, failure.ErrorType);
            Assert.Contains("stopped node only", failure.Message, StringComparison.Ordinal);
            Assert.Contains("stopped node only", Assert.Single((await _bench.Activities.ForecastAsync(_bench.Act())).Problems), StringComparison.Ordinal);
        }
        finally
        {
            ShellNode.Signal("KILL", node.Id);
            await node.WaitForExitAsync(Token);
        }
    }

    [Fact]
    public async Task Preserve_BucketIsNotWriteOnce_NeedsTheWaiver()
    {
        var failure = await Make.FailureAsync(_bench.Activities.PreserveAsync(_bench.Act() with { WithoutLock = false }));

        Assert.Equal(ErrorTypes.Forbidden, failure.ErrorType);
        Assert.Contains("not write-once", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ForensicProgress.None, (await _bench.Activities.LookAsync(_bench.Act())).Progress);
    }

    [Fact]
    public async Task Preserve_NoEncryption_SaysSoBeforeAnythingIsWritten()
    {
        _bench.Slice = _bench.Slice with { Backups = _bench.Slice.Backups with { Encryption = null } };

        Assert.Contains("backups.encryption", Assert.Single((await _bench.Activities.ForecastAsync(_bench.Act())).Problems), StringComparison.Ordinal);
        Assert.Equal(ErrorTypes.NotConfigured, (await Make.FailureAsync(_bench.Activities.PreserveAsync(_bench.Act()))).ErrorType);
    }

    [Fact]
    public async Task Forecast_StoppedNode_SaysWhatTheCopyWillBe()
    {
        var before = await _bench.Activities.ForecastAsync(_bench.Act());
        var receipt = await _bench.Activities.PreserveAsync(_bench.Act());
        var after = await _bench.Activities.ForecastAsync(_bench.Act(2, "run-2"));

        Assert.Empty(before.Problems);
        Assert.False(before.WriteOnce);
        Assert.Null(before.LockedUntil);
        Assert.Equal("memory:bucket", before.Bucket);

        // The log is not listed before; everything else is.
        Assert.Equal(receipt.Files - 1, before.Files);
        Assert.Equal(receipt.Bytes - "started\npanic: wrong app hash\n".Length, before.Bytes);
        Assert.Contains("assumed", before.RateFrom, StringComparison.Ordinal);
        Assert.Contains("measured", after.RateFrom, StringComparison.Ordinal);
        Assert.True(before.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Copy_IsNeverRestored()
    {
        var receipt = await _bench.Activities.PreserveAsync(_bench.Act());
        using var estate = new Restores(_bench);

        var failure = await Make.FailureAsync(estate.StageAsync(receipt));

        Assert.Equal(ErrorTypes.Forbidden, failure.ErrorType);
        Assert.Contains("never restored", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_bench.Node.Home, ".virtengine-restore-*"));
    }

    [Fact]
    public async Task Prune_RulesForEverythingElse_KeepTheCopyAndAllOfItsObjects()
    {
        var receipt = await _bench.Activities.PreserveAsync(_bench.Act());
        var repository = await _bench.OpenAsync();
        var rules = Contracts.Backups.BackupKinds.All.ToDictionary(kind => kind, _ => new KeepRules(1, 0, 0, 0, 0, null), StringComparer.Ordinal);

        var result = await new Pruner(repository, new PruneOptions(rules)).PruneAsync("c-1", "fullnode-0", dryRun: false, Token);

        Assert.True(Assert.Single(result.Decisions).Keep);
        Assert.Equal(0, result.ObjectsDeleted);
        Assert.Equal(receipt.Files, (await _bench.ReadAsync(receipt)).Count);
    }

    public void Dispose() => _bench.Dispose();
}
