using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Forensics;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Tests.Forensics;

/// <summary>However a copy is cut off, the same call again ends with one complete copy of the run.</summary>
public sealed class ForensicKillTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Preserve_CutOffAtEveryCallOfTheBucket_TheNextAttemptEndsWithOneWholeCopy(bool after)
    {
        var partial = 0;
        for (var cut = 1; ; cut++)
        {
            var store = new VersionedMemoryStore(versioned: true);
            using var bench = new ForensicBench(store, journal: 100_000);
            var calls = 0;
            store.Gate = (_, _, isAfter) => isAfter == after && Interlocked.Increment(ref calls) >= cut
                ? throw new ObjectStoreException("the worker is gone", transient: true) : Task.CompletedTask;
            var first = await Record.ExceptionAsync(() => bench.Activities.PreserveAsync(bench.Act()));
            store.Gate = null;
            var between = await bench.Activities.LookAsync(bench.Act());

            var receipt = await bench.Activities.PreserveAsync(bench.Act(2));

            if (first is null)
            {
                Assert.True(cut > 20, $"only {cut} calls were cut off");
                Assert.True(partial > 5, $"only {partial} of them left something behind");
                return;
            }

            partial += between.Progress == ForensicProgress.Partial ? 1 : 0;
            Assert.True(between.Progress != ForensicProgress.Complete || between.Receipt!.Key == receipt.Key);
            var whole = 0;
            foreach (var key in await bench.ManifestsAsync())
            {
                whole += System.Text.Encoding.Latin1.GetString(store.Peek(key)!).Contains("virtengine-dr-tombstone", StringComparison.Ordinal) ? 0 : 1;
            }

            Assert.Equal(1, whole);
            Assert.Equal(receipt, (await bench.Activities.LookAsync(bench.Act(3))).Receipt! with { LeftOut = receipt.LeftOut });
            var copy = await bench.ReadAsync(receipt);
            Assert.All(bench.Evidence, one => Assert.Equal(one.Value, copy["home/" + one.Key]));
        }
    }

    [Fact]
    public async Task Preserve_Again_IsTheSameCopyAndAnotherRunsIsAnother()
    {
        using var bench = new ForensicBench(new VersionedMemoryStore(versioned: false));

        var first = await bench.Activities.PreserveAsync(bench.Act());
        bench.Put("data/application.db/000099.ldb", [1, 2, 3]);
        var again = await bench.Activities.PreserveAsync(bench.Act(2));
        var other = await bench.Activities.PreserveAsync(bench.Act(1, "run-2"));

        Assert.Equal(first.Key, again.Key);
        Assert.Equal(first.Digest, again.Digest);
        Assert.NotEqual(first.Key, other.Key);
        Assert.Equal(first.Files + 1, other.Files);
        Assert.Equal(2, (await bench.ManifestsAsync()).Count);
    }

    [Fact]
    public async Task Look_HostLostItsRecord_FindsTheCopyInTheBucket()
    {
        using var bench = new ForensicBench(new VersionedMemoryStore(versioned: false));
        var receipt = await bench.Activities.PreserveAsync(bench.Act());
        File.Delete(ForensicRecord.PathIn(Activities.Nodes.NodeHome.Of(bench.Node.Target.Node)));

        var state = await bench.Activities.LookAsync(bench.Act(2));

        Assert.Equal(ForensicProgress.Complete, state.Progress);
        Assert.Equal(receipt.Key, state.Receipt!.Key);
        Assert.Contains("lost its record", Assert.Single(state.Receipt.LeftOut).Why, StringComparison.Ordinal);
        Assert.Equal(ForensicProgress.None, (await bench.Activities.LookAsync(bench.Act(1, "run-2"))).Progress);
    }

    [Fact]
    public async Task Preserve_SomebodyWritesMeanwhile_NothingCountsAndTheNextAttemptIsWhole()
    {
        var store = new VersionedMemoryStore(versioned: false);
        using var bench = new ForensicBench(store);
        var once = 0;
        store.Gate = (call, key, _) =>
        {
            if (call == "put" && key.Contains("/objects/", StringComparison.Ordinal) && Interlocked.Increment(ref once) == 1)
            {
                File.AppendAllText(Path.Combine(bench.Node.Home, "data", "cs.wal", "wal"), "more");
            }

            return Task.CompletedTask;
        };

        var failure = await Make.FailureAsync(bench.Activities.PreserveAsync(bench.Act()));
        Assert.Equal(ErrorTypes.Discarded, failure.ErrorType);
        Assert.Empty(await bench.ManifestsAsync());

        var copy = await bench.ReadAsync(await bench.Activities.PreserveAsync(bench.Act(2)));
        Assert.EndsWith("more", System.Text.Encoding.Latin1.GetString(copy["home/data/cs.wal/wal"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preserve_LateAttempt_IsFenced()
    {
        using var bench = new ForensicBench(new VersionedMemoryStore(versioned: false));
        await bench.Activities.PreserveAsync(bench.Act(2));

        Assert.Equal(ErrorTypes.Fenced, (await Make.FailureAsync(bench.Activities.PreserveAsync(bench.Act(1)))).ErrorType);
    }
}
