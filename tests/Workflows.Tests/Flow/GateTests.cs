using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class GateTests(DevServer server)
{
    [Fact]
    public async Task Approve_NotThisGateNotThisDigestNotThisPerson_DoesNotCount()
    {
        await using var harness = Harness.Start(server);
        harness.World.Approvals = new() { Required = 2, Approvers = ["alice", "bob", "carol", "dave"] };
        var run = await harness.ToyAsync();
        var state = await run.WhenAsync(RunPhase.AwaitingApproval);
        var digest = state.Plan!.Digest;

        VerbMessage[] refused =
        [
            new() { By = "bob", Gate = "second", Digest = digest },
            new() { By = "bob", Digest = digest },
            new() { By = "bob", Gate = "first" },
            new() { By = "bob", Gate = "first", Digest = digest[..7] },
            new() { By = "bob", Gate = "first", Digest = new string('0', 64) },
            new() { By = "alice", Gate = "first", Digest = digest },
            new() { By = "mallory", Gate = "first", Digest = digest },
            new() { By = " ", Gate = "first", Digest = digest },
        ];
        foreach (var message in refused)
        {
            var reply = await run.DoAsync(Verbs.Approve, message);
            Assert.False(reply.Accepted, reply.Message);
            Assert.Empty(reply.State.Gates[0].Approvals);
        }

        Assert.True((await run.DoAsync(Verbs.Approve, new() { By = "bob", Gate = "first", Digest = digest[..8] })).Accepted);
        var twice = await run.DoAsync(Verbs.Approve, new() { By = "BOB ", Gate = "first", Digest = digest });
        Assert.True(twice.Accepted);
        Assert.Equal(["bob"], twice.State.Gates[0].Approvals);
        Assert.True(twice.State.Gates[0].Open);
        Assert.Empty(harness.World.Acts);
        Assert.True((await run.DoAsync(Verbs.Approve, new() { By = "carol", Gate = "first", Digest = digest })).State.Gates[0].Passed);
        Assert.Equal(refused.Length, (await run.StateAsync()).Journal.Count(j => j.Event == "verb.refused"));

        // The second gate asks anew: what was given to the first does not count for it.
        var second = await run.WhenAsync(s => s.Gates[1].Open);
        Assert.Empty(second.Gates[1].Approvals);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Approve_UnnamedStarter_NeedsOneMore()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync(i => i with { Operator = "" });

        var state = await run.WhenAsync(RunPhase.AwaitingApproval);

        Assert.Equal(2, state.Gates[0].Required);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.Aborted, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Approve_TheSameIdTwice_HasOneEffect()
    {
        await using var harness = Harness.Start(server);
        harness.World.Approvals = new() { Required = 2 };
        var run = await harness.ToyAsync();
        var digest = (await run.WhenAsync(RunPhase.AwaitingApproval)).Plan!.Digest;

        var one = await run.DoAsync(Verbs.Approve, new() { By = "bob", Gate = "first", Digest = digest, Id = "x" });
        var again = await run.DoAsync(Verbs.Approve, new() { By = "carol", Gate = "first", Digest = digest, Id = "x" });
        var other = await run.DoAsync(Verbs.Note, new() { By = "carol", Why = "hello", Id = "x" });

        Assert.True(one.Accepted);
        Assert.True(again.Accepted);
        Assert.Equal(["bob"], again.State.Gates[0].Approvals);
        Assert.False(other.Accepted);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Approve_BySignalBeforeThePlanExists_DoesNotCount()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.measure");
        var run = await harness.ToyAsync();
        await hold.Entered;

        var early = await run.DoAsync(Verbs.Approve, new() { By = "bob", Gate = "first", Digest = new string('a', 64) });
        await run.SignalAsync(Verbs.Approve, new() { By = "carol", Gate = "first", Digest = new string('a', 64) });
        hold.Release();
        var state = await run.WhenAsync(RunPhase.AwaitingApproval);

        Assert.False(early.Accepted);
        Assert.Empty(state.Gates[0].Approvals);
        Assert.Equal(2, state.Journal.Count(j => j.Event == "verb.refused"));
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Approve_AfterABoundWasLeft_TheOldApprovalIsVoid()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        var former = (await run.WhenAsync(RunPhase.AwaitingApproval)).Plan!;
        harness.World.Measure = 15;
        await run.ApproveAsync();
        var kept = await run.WhenAsync(s => s.Gates[1].Open);
        Assert.Equal(former.Digest, kept.Plan!.Digest);

        // While the second gate waits the measurement leaves the bound: the facts are gathered again after the gate, and a new plan asks again.
        harness.World.Measure = 16;
        await run.ApproveAsync("carol");
        var changed = await run.WhenAsync(s => s.Plan!.Number == 2 && s.Gates[0].Open);

        Assert.NotEqual(former.Digest, changed.Plan!.Digest);
        Assert.Equal(["at most 26"], changed.Plan.Bounds);
        Assert.All(changed.Gates, g => Assert.Empty(g.Approvals));
        Assert.False((await run.DoAsync(Verbs.Approve, new() { By = "bob", Gate = "first", Digest = former.Digest })).Accepted);
        Assert.Contains(changed.Journal, j => j.Event == "plan.changed" && j.Text.Contains("at most 15", StringComparison.Ordinal));
        await run.ApproveAsync("bob");
        await run.WhenAsync(s => s.Gates[1].Open);
        await run.ApproveAsync("bob");
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Deny_BeforeTheFirstAct_ClosesAsDenied()
    {
        await using var harness = Harness.Start(server);
        harness.World.Approvals = new() { Required = 2 };
        var run = await harness.ToyAsync();
        await run.ApproveAsync("carol");
        var digest = (await run.StateAsync()).Plan!.Digest;

        Assert.True((await run.DoAsync(Verbs.Deny, new() { By = "bob", Gate = "first", Digest = digest })).Accepted);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Denied, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Deny_AtALaterGate_ParksAndCanBeAskedAgain()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        var state = await run.WhenAsync(s => s.Gates[1].Open);

        await run.DoAsync(Verbs.Deny, new() { By = "bob", Gate = "second", Digest = state.Plan!.Digest });
        await run.WhenAsync(RunPhase.Parked);
        Assert.False((await run.DoAsync(Verbs.Skip)).Accepted);
        await run.DoAsync(Verbs.Retry);
        var again = await run.WhenAsync(s => s.Gates[1].Open);

        Assert.Null(again.Gates[1].DeniedBy);
        await run.ApproveAsync("carol");
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Deny_AfterTheGateOpened_PausesAndSaysSo()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.set:a");
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await hold.Entered;
        var digest = (await run.StateAsync()).Plan!.Digest;

        var reply = await run.DoAsync(Verbs.Deny, new() { By = "carol", Gate = "first", Digest = digest });
        hold.Release();
        var state = await run.WhenAsync(s => s.Steps[0].Status == StepStatus.Done);

        Assert.True(reply.Accepted);
        Assert.Contains("paused", reply.Message, StringComparison.Ordinal);
        Assert.Equal(RunPhase.Paused, state.Phase);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Contains(harness.World.Notifications, n => n.Summary.Contains("denied by carol", StringComparison.Ordinal));
    }

    [Fact]
    public async Task End_OfASuccess_ResolvesAfterEveryPageThatIsOnItsWay()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("notify.send");
        var run = await harness.ToyAsync();
        await hold.Entered;
        await run.ApproveAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Journal.Any(j => j.Event == "lock.released"));

        Assert.DoesNotContain(harness.World.Notifications, n => n.Resolves);
        hold.Release();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        Assert.True(harness.World.Notifications.Last().Resolves);
        Assert.All(harness.World.Notifications, n => Assert.Equal(run.Id, n.Incident));
    }

    [Theory]
    [InlineData("deny", RunOutcome.Denied)]
    [InlineData("hold", null)]
    [InlineData("escalate", null)]
    public async Task Timeout_AppliesTheDeclaredDefaultAndNeverApproves(string onTimeout, RunOutcome? outcome)
    {
        await using var harness = Harness.Start(server);
        harness.World.Approvals = new() { Timeout = TimeSpan.FromMilliseconds(500), OnTimeout = onTimeout };
        var run = await harness.ToyAsync();

        if (outcome is null)
        {
            var state = await run.WhenAsync(s => s.Journal.Count(j => j.Event == "gate.timeout") > 1);
            Assert.True(state.Gates[0].Open);
            Assert.Contains(harness.World.Notifications, n => n.Severity == (onTimeout == "escalate" ? "critical" : "warning")
                && n.Summary.Contains("still unanswered", StringComparison.Ordinal));
            await run.AbortAsync();
        }

        Assert.Equal(outcome ?? RunOutcome.Aborted, (await run.ResultAsync()).Outcome);
        Assert.Empty(harness.World.Acts);
    }
}
