using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>After the last step a run watches what it did; a relapse opens the next plan in the same run.</summary>
public sealed class WatchTests(DevServer server)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Watch_NothingHappens_SucceedsWhenThePeriodIsOver()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync(i => i with { Gates = false, Watch = TimeSpan.FromSeconds(1) });

        var watching = await run.WhenAsync(RunPhase.Watching);
        Assert.NotNull(watching.Clock.ProvenAt);
        Assert.True(await harness.LockedAsync());
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains(state.Journal, j => j.Event == "watch.over");
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Watch_ARelapse_OpensTheNextPlanWithItsOwnApprovalKeysAndUndo()
    {
        await using var harness = Harness.Start(server);
        var run = await WatchingAsync(harness);
        var first = await run.StateAsync();
        foreach (var name in new[] { "a", "commit" })
        {
            harness.World.Switches[name] = "off";
        }

        harness.World.Relapses.Enqueue("a went off");
        var again = await run.WhenAsync(s => s.Plan!.Number == 2 && s.Phase == RunPhase.AwaitingApproval);

        Assert.NotEqual(first.Plan!.Digest, again.Plan!.Digest);
        Assert.Null(again.Clock.ProvenAt);
        Assert.Empty(again.Handover!.Undo);
        Assert.Contains(again.Journal, j => j.Event == "watch.relapsed" && j.Text.Contains("a went off", StringComparison.Ordinal));
        Assert.Contains(harness.World.Notifications, n => n is { Severity: "critical" } && n.Summary.Contains("a went off", StringComparison.Ordinal));
        Assert.False((await run.DoAsync(Verbs.Approve, new() { By = "bob", Gate = "first", Digest = first.Plan.Digest })).Accepted);
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);

        // Before its own commit the second plan can be unwound, and only what it did itself is.
        await run.AbortAsync();
        var state = await run.ResultAsync();
        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, line => line.Contains("what this run did before it stays", StringComparison.Ordinal));
        Assert.Equal("off", harness.World.Switches["a"]);
        Assert.Equal("on", harness.World.Switches["b1"]);
        Assert.Equal(["a"], harness.World.Acts.Where(a => a.Key.Direction == "undo").Select(a => a.Key.Step));
        Assert.All(harness.World.Acts.Where(a => a.Key.FirstRunId.EndsWith("/2", StringComparison.Ordinal)), a => Assert.Equal("a", a.Key.Step));
    }

    [Fact]
    public async Task Watch_TheSecondRelapse_ParksAndTheRunEndsPartialWhenItIsLeft()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Relapses = 2 };
        var run = await WatchingAsync(harness, gates: false);
        harness.World.Relapses.Enqueue("once");
        await run.WhenAsync(s => s.Plan!.Number == 2 && s.Phase == RunPhase.Watching);
        harness.World.Relapses.Enqueue("twice");
        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("twice", parked.Headline, StringComparison.Ordinal);
        Assert.Equal(2, parked.Plan!.Number);
        await run.DoAsync(Verbs.Skip);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_ParkedByARelapse_RetryOpensTheNextPlan()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Relapses = 1 };
        var run = await WatchingAsync(harness, gates: false);
        harness.World.Relapses.Enqueue("once");
        await run.WhenAsync(RunPhase.Parked);

        await run.DoAsync(Verbs.Retry);

        await run.WhenAsync(s => s.Plan!.Number == 2 && s.Phase == RunPhase.Watching);
        await run.Handle.TerminateAsync("test is over");
    }

    [Fact]
    public async Task Watch_AHigherRankWantsTheLock_ItGoesOnWithoutItAndEndsSuperseded()
    {
        await using var harness = Harness.Start(server);
        var drill = await harness.ToyAsync(i => i with { Rank = 0, Gates = false, Watch = TimeSpan.FromSeconds(8) });
        await drill.WhenAsync(RunPhase.Watching);

        var live = await harness.ToyAsync(i => i with { Gates = false });
        Assert.Equal(RunOutcome.Succeeded, (await live.ResultAsync()).Outcome);
        Assert.Contains((await drill.WhenAsync(s => s.Journal.Any(j => j.Event == "lock.yielded"))).Journal, j => j.Text.Contains(live.Id, StringComparison.Ordinal));
        var state = await drill.ResultAsync();

        Assert.Equal(RunOutcome.Superseded, state.Outcome);
        Assert.Empty(state.Handover!.Locks);
        Assert.Contains(state.Journal, j => j.Event == "watch.over");
    }

    [Fact]
    public async Task Restore_Relapses_AndTheNextPlanRestoresAgainAfterAnotherApproval()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Period = Long };
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Watching);
        harness.World.Healthy = false;

        var again = await run.WhenAsync(s => s is { Phase: RunPhase.AwaitingApproval, Plan.Number: 2 });
        Assert.Contains(again.Journal, j => j.Event == "watch.relapsed");
        harness.World.Healthy = true;
        harness.World.Staged = "none";
        await run.ApproveAsync("carol");
        await run.WhenAsync(s => s is { Phase: RunPhase.Watching, Plan.Number: 2 });

        Assert.Equal(2, harness.World.Acts.Count(a => a.Activity == "node.start"));
        await run.Handle.TerminateAsync("test is over");
    }

    [Fact]
    public async Task Restore_TheInputShortensTheWatchAndNeverLengthensIt()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Period = TimeSpan.FromSeconds(1) };

        var shorter = await harness.RestoreAsync(i => i with { Watch = TimeSpan.Zero });
        await shorter.ApproveAsync();
        Assert.DoesNotContain((await shorter.ResultAsync()).Journal, j => j.Event == "watch.begun");
        var longer = await harness.RestoreAsync(i => i with { Watch = TimeSpan.FromDays(1) });
        await longer.ApproveAsync();
        Assert.Contains((await longer.ResultAsync()).Journal, j => j.Event == "watch.begun" && j.Text.Contains("00:00:01", StringComparison.Ordinal));
    }

    private static async Task<Run> WatchingAsync(Harness harness, bool gates = true)
    {
        var run = await harness.ToyAsync(i => i with { Gates = gates, Watch = Long });
        if (gates)
        {
            await run.ApproveAsync();
            await run.WhenAsync(s => s.Gates[1].Open);
            await run.ApproveAsync();
        }

        await run.WhenAsync(RunPhase.Watching);
        return run;
    }
}
