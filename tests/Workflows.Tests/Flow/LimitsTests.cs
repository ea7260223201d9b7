using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Flow;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>A run whose history grows long says so once, pages, and sends nothing more but what a person must answer.</summary>
public sealed class LimitsTests(DevServer server)
{
    [Fact]
    public async Task Signals_AFlood_IsSaidOnceAndTheVerbsStillWork()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, LimitsWatch.Signals), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken },
            async (n, _) => await run.SignalAsync(Verbs.Note, new() { By = "flood", Why = FormattableString.Invariant($"{n}") }));
        var state = await run.WhenAsync(s => s.Journal.Any(j => j.Event == "limits"), TimeSpan.FromSeconds(90));

        Assert.Single(state.Journal, j => j.Event == "limits");
        await Eventually.GetAsync(
            () => Task.FromResult(harness.World.Notifications.Count(n => n.Summary.Contains("history grows long", StringComparison.Ordinal))), count => count == 1);
        var told = harness.World.Notifications.Count;
        Assert.True((await run.DoAsync(Verbs.Pause)).Accepted);
        Assert.True((await run.DoAsync(Verbs.Resume)).Accepted);
        Assert.True(state.Journal.Count <= 502, "the journal stays bounded");
        await run.AbortAsync();
        Assert.Equal(RunOutcome.Aborted, (await run.ResultAsync()).Outcome);

        // Quiet: of the pause, the next gate and the abort nobody is told any more; only of the end.
        Assert.Equal(told + 1, harness.World.Notifications.Count);
    }

    [Theory]
    [InlineData(1999, 499, 14999, false)]
    [InlineData(2000, 0, 0, true)]
    [InlineData(0, 500, 0, true)]
    [InlineData(0, 0, 15000, true)]
    public void Reached_AtEachMark_IsExactlyThere(int signals, int updates, int events, bool reached) =>
        Assert.Equal(reached, LimitsWatch.Reached(signals, updates, events));
}
