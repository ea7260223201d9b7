using System.Diagnostics;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Snapshots.Freezing;
using VirtEngine.DR.Guard;
using VirtEngine.DR.Simulation.Canaries;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>Whatever goes wrong inside a pause: the node goes on, and nothing is kept.</summary>
public sealed class FreezeSafetyTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private LiveProcess canary = null!;

    private string Home => folder["home"];

    private string Staging => folder["staging"];

    public async ValueTask InitializeAsync() => canary = await LiveProcess.CanaryAsync(Home);

    public async ValueTask DisposeAsync()
    {
        await canary.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CaptureAsync_KilledInsideThePause_NodeGoesOnAtOnce()
    {
        await using var worker = FreezeHolder.Start(Home, Staging, "killed", TimeSpan.FromMinutes(1));
        await StandsStillAsync(worker);
        var killed = Stopwatch.StartNew();
        worker.Kill();
        await GoesOnAsync();
        Assert.True(killed.Elapsed < TimeSpan.FromSeconds(5), $"the end of the pipe thawed only after {killed.Elapsed}");
        await Eventually.TrueAsync(() => worker.Ended, "the worker ended");
        var stale = Assert.Single(await StaleFreezes.ThawAllAsync(Staging, TestContext.Current.CancellationToken));
        Assert.Equal(("killed", true), (stale.AttemptId, stale.StagingDropped));
        Assert.Empty(stale.Thawed);
        Assert.False(Directory.Exists(Path.Combine(Staging, "killed")));
    }

    [Fact]
    public async Task CaptureAsync_HangsInsideThePause_GuardThawsWithinTheBudget()
    {
        await using var worker = FreezeHolder.Start(Home, Staging, "hanging", TimeSpan.FromMilliseconds(300));
        await StandsStillAsync(worker);
        var stopped = Stopwatch.StartNew();
        await GoesOnAsync();
        Assert.True(stopped.Elapsed < TimeSpan.FromSeconds(3), $"thawed only after {stopped.Elapsed}");
        Assert.False(worker.Ended);
    }

    [Fact]
    public async Task ThawAllAsync_WorkerAndGuardKilledInsideThePause_ThawsFromTheRecord()
    {
        await using var worker = FreezeHolder.Start(Home, Staging, "both", TimeSpan.FromMinutes(1));
        await StandsStillAsync(worker);
        var guard = Guards(worker.Pid).Single();
        Assert.NotEqual(Libc.SessionOf(worker.Pid), Libc.SessionOf(guard));
        Libc.Signal(guard, Libc.Stop);
        worker.Kill();
        Libc.Signal(guard, Libc.Kill);
        await Eventually.TrueAsync(() => worker.Ended && ProcessId.Of(guard) is not { Exists: true }, "both ended");
        Assert.Equal('T', canary.State);
        var stale = Assert.Single(await StaleFreezes.ThawAllAsync(Staging, TestContext.Current.CancellationToken));
        Assert.Equal([canary.Pid], stale.Thawed);
        await GoesOnAsync();
    }

    [Fact]
    public async Task CaptureAsync_GuardKilledInsideThePause_ThawsByItselfAndFails()
    {
        var request = Captures.Request(Home, Staging) with
        {
            WhileFrozen = () => Assert.Equal(0, Libc.Signal(Guards(Environment.ProcessId).Single(pid => File.ReadAllText($"/proc/{pid}/cmdline").Contains(Staging, StringComparison.Ordinal)), Libc.Kill)),
        };
        Assert.Equal(SnapshotErrors.GuardFailed, (await Captures.RefusedAsync(request)).Code);
        await GoesOnAsync();
    }

    [Fact]
    public async Task CaptureAsync_ForeignContinueInsideThePause_IsDiscarded()
    {
        var request = Captures.Request(Home, Staging) with { WhileFrozen = () => Disturb(thenStop: false) };
        await Captures.AssertDiscardedAsync(request);
        await GoesOnAsync();
        Assert.False(Directory.Exists(Path.Combine(Staging, request.AttemptId)));
    }

    [Fact]
    public async Task CaptureAsync_ContinuedAndStoppedAgainInsideThePause_IsDiscarded()
    {
        var request = Captures.Request(Home, Staging) with { WhileFrozen = () => Disturb(thenStop: true) };
        await Captures.AssertDiscardedAsync(request);
        await GoesOnAsync();
    }

    [Fact]
    public async Task CaptureAsync_BudgetTooSmallForTheDelta_IsDiscarded()
    {
        using var thawed = new ManualResetEventSlim();
        var request = Captures.Request(Home, Staging) with
        {
            Budget = TimeSpan.FromMilliseconds(60),
            WhileFrozen = () => SpinWait.SpinUntil(() => canary.State != 'T', TimeSpan.FromSeconds(30)),
        };
        await Captures.AssertDiscardedAsync(request);
        await GoesOnAsync();
    }

    [Fact]
    public async Task CaptureAsync_FoundStopped_IsRefusedAndLeftStopped()
    {
        canary.Stop();
        await Eventually.TrueAsync(() => canary.State == 'T', "stopped");
        Assert.Equal(SnapshotErrors.TargetStopped, (await Captures.RefusedAsync(Captures.Request(Home, Staging))).Code);
        Assert.Equal('T', canary.State);
        Assert.Empty(await StaleFreezes.ThawAllAsync(Staging, TestContext.Current.CancellationToken));
        Assert.Equal('T', canary.State);
    }

    [Fact]
    public async Task CaptureAsync_KilledInsideThePause_IsDiscarded()
    {
        var request = Captures.Request(Home, Staging) with { WhileFrozen = canary.Kill };
        await Captures.AssertDiscardedAsync(request);
    }

    private Task StandsStillAsync(LiveProcess worker) => Eventually.TrueAsync(
        () =>
        {
            Assert.False(worker.Ended, "the helper ended before it froze the node");
            return canary.State == 'T';
        },
        "the node stands still", 60);

    private static IEnumerable<int> Guards(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
        .Where(pid => pid > 0 && IsGuardOf(pid, parent));

    private static bool IsGuardOf(int pid, int parent)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0] == $"{parent}" && File.ReadAllText($"/proc/{pid}/cmdline").Contains("DR.Guard", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Disturb(bool thenStop)
    {
        var before = Wal();
        canary.Continue();
        Assert.True(SpinWait.SpinUntil(() => Wal() != before, TimeSpan.FromSeconds(10)));
        if (thenStop)
        {
            canary.Stop();
            Assert.True(SpinWait.SpinUntil(() => canary.State == 'T', TimeSpan.FromSeconds(10)));
        }

        long Wal() => new FileInfo(Path.Combine(Home, "data", "cs.wal", "wal")) is { Exists: true } wal ? wal.Length : -1;
    }

    private async Task GoesOnAsync()
    {
        await Eventually.TrueAsync(() => canary.State is not ('T' or 't'), "the node goes on");
        var wal = Path.Combine(Home, "data", "plain.bin");
        var before = File.ReadAllBytes(wal);
        await Eventually.TrueAsync(() => !File.ReadAllBytes(wal).SequenceEqual(before), "the node writes on");
        Assert.Empty(Directory.EnumerateFiles(Staging, "freeze.json", SearchOption.AllDirectories));
    }
}
