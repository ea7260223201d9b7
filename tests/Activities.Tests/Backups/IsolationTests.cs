using System.Globalization;
using VirtEngine.DR.Activities.Backups.Proving;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>What a scratch node is kept from, asked of the node's own process.</summary>
public sealed class IsolationTests : IDisposable
{
    private const long Limit = 512L << 20;
    private readonly TempFolder _folder = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Choose_OnThisHost_SaysWhatTheProcessHas()
    {
        using var isolation = await Isolation.ChooseAsync(Limit, _token);
        await using var node = await StartAsync(isolation, "readlink /proc/self/ns/net; grep -i 'max data' /proc/self/limits; sleep 60");
        await Eventually.TrueAsync(() => Task.FromResult(node.Tail().Contains("Max data", StringComparison.Ordinal)), "it prints what it has");
        var said = node.Tail();
        var here = new FileInfo("/proc/self/ns/net").LinkTarget!;

        Assert.Equal(isolation.OwnNetwork, !said.Contains(here, StringComparison.Ordinal));
        Assert.Contains(isolation.OwnNetwork ? "own network namespace" : "loopback only", isolation.Description, StringComparison.Ordinal);
        Assert.Equal(isolation.Description.Contains("RLIMIT_DATA", StringComparison.Ordinal), said.Contains(Limit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        if (isolation.Cgroup is { } cgroup)
        {
            Assert.Contains(node.Pid.ToString(CultureInfo.InvariantCulture), await File.ReadAllTextAsync(Path.Combine(cgroup, "cgroup.procs"), _token), StringComparison.Ordinal);
            Assert.Equal(Limit.ToString(CultureInfo.InvariantCulture), (await File.ReadAllTextAsync(Path.Combine(cgroup, "memory.max"), _token)).Trim());
        }
    }

    [Fact]
    public async Task Prefix_TakesNothingFromTheWatch_TheNodesProcessIsTheOneThatIsKilled()
    {
        using var isolation = await Isolation.ChooseAsync(Limit, _token);
        var node = await StartAsync(isolation, "echo $$; sleep 60");
        await Eventually.TrueAsync(() => Task.FromResult(node.Tail().Length > 0), "it prints its id");

        Assert.Equal(node.Pid.ToString(CultureInfo.InvariantCulture), node.Tail());
        await node.DisposeAsync();
        Assert.False(node.Running);
    }

    [Fact]
    public async Task RanOutOfMemory_ProcessThatWantsMore_IsKnown()
    {
        PeerProgram.Find("python3");
        using var isolation = await Isolation.ChooseAsync(Limit, _token);
        Assert.SkipWhen(isolation.Description.Contains("not capped", StringComparison.Ordinal), "this host lets its user cap no memory");
        Assert.SkipWhen(isolation.Cgroup is not null, "the kernel kills in a cgroup and says nothing");
        await using var node = await StartAsync(isolation, "python3 -c 'b = bytearray(1 << 30)' || echo out of memory");

        await Eventually.TrueAsync(() => Task.FromResult(node.RanOutOfMemory()), "it ends for want of memory");
    }

    [Fact]
    public async Task Prove_NodeWithItsOwnNetwork_IsReachedByItsSocketAndTheFindingsSaySo()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var backup = await estate.BackUpAsync("b1");

        var report = await estate.Restores.ProveAsync(new VerifyCommand(estate.Slice, backup, estate.Slice.Buckets[0], 4));

        using var isolation = await Isolation.ChooseAsync(Limit, _token);
        var said = Assert.Single(report.Findings, finding => finding.StartsWith("isolation", StringComparison.Ordinal));
        Assert.Equal(4, report.Rung);
        Assert.Equal(isolation.OwnNetwork, said.Contains("own network namespace, RPC over a unix socket", StringComparison.Ordinal));
        Assert.Contains("memory", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_TooLittleMemory_IsNoVerdictOnTheBackup()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var backup = await estate.BackUpAsync("b1");
        var slice = estate.Slice with { Backups = estate.Slice.Backups with { ProofMemory = 24L << 20 } };
        using var isolation = await Isolation.ChooseAsync(Limit, _token);
        Assert.SkipUnless(isolation.Description.Contains("RLIMIT_DATA", StringComparison.Ordinal), "needs a host whose cap the node itself notices");

        var failure = await Make.FailureAsync(estate.Restores.ProveAsync(new VerifyCommand(slice, backup, estate.Slice.Buckets[0], 4)));
        var choice = await estate.Repository.ChooseAsync(new ChooseCommand(estate.Slice, BackupKinds.ChainState, "newest", null));

        Assert.True(failure.ErrorType == ErrorTypes.NotConfigured, failure.Message);
        Assert.Contains("backups.proofMemory", failure.Message, StringComparison.Ordinal);
        Assert.Equal(backup.Id, choice.Backup.Id);
        Assert.NotEqual(4, choice.ProvenRung);
    }

    private Task<ScratchNode> StartAsync(Isolation isolation, string script) =>
        ScratchNode.StartAsync([.. isolation.Prefix, "sh", "-c", script], _folder.Path, _folder.File("log"), _token);
}
