using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>Each of these goes red when one rule of Flow is taken away; the others that do stand beside their feature.</summary>
public sealed class MutationTests(DevServer server)
{
    /// <summary>A lock on the workflow's own token is dead after a cancellation, and with it the run's orderly end.</summary>
    [Fact]
    public async Task Cancel_BeforeTheLockIsTaken_AbortsInOrderAndLeavesNoLock()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("estate.node");
        var run = await harness.ToyAsync();
        await hold.Entered;

        await run.Handle.CancelAsync();
        await run.WhenAsync(s => s.Journal.Any(j => j is { Actor: "Temporal UI", Event: "verb.abort" }));
        hold.Release();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Aborted, state.Outcome);
        Assert.False(await harness.LockedAsync());
        Assert.Single(harness.World.Evidence);
    }

    [Fact]
    public async Task Cancel_WhileWatching_IsRefusedAfterTheCommitAndTheWatchGoesOn()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync(i => i with { Gates = false, Watch = TimeSpan.FromSeconds(3) });
        await run.WhenAsync(RunPhase.Watching);

        await run.Handle.CancelAsync();
        await run.WhenAsync(s => s.Journal.Any(j => j is { Actor: "Temporal UI", Event: "verb.refused" }));

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Cancel_WhileARestoreIsWatched_ShowsTheUnwindingAndUnwindsWhenConfirmed()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Period = TimeSpan.FromMinutes(10) };
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Watching);

        await run.Handle.CancelAsync();
        var shown = await run.WhenAsync(s => s.Unwinding is not null);
        Assert.True(await harness.LockedAsync());
        await run.DoAsync(Verbs.Abort, new() { By = "bob", Digest = shown.Unwinding!.Digest });

        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Equal("Running/former", harness.World.Summary);
        Assert.False(await harness.LockedAsync());
    }

    /// <summary>A retry that describes a half-done world must not take it for the one before.</summary>
    [Fact]
    public async Task Retry_DescribesWhatTheFirstAttemptLeftHalfDone_TheUndoStillLeadsToTheWorldBefore()
    {
        await using var harness = Harness.Start(server);
        harness.World.Switches["a"] = "dim";
        harness.World.Faults.LoseAnswer("toy.set:a");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await run.WhenAsync(RunPhase.Parked);
        harness.World.Switches["a"] = "half";
        harness.World.Faults.Fail("toy.set:b1");

        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(s => s.Phase == RunPhase.Parked && s.Steps.First(x => x.Id == "a").Status == StepStatus.Done);
        Assert.Equal(2, harness.World.Acts.Count(a => a.Key is { Step: "a", Direction: "do" }));
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("dim", harness.World.Switches["a"]);
    }

    /// <summary>Wherever a run is reset to, what the former execution did is in the world: nothing acts, nothing is freed.</summary>
    [Fact]
    public async Task Reset_AtEveryTask_NeverActsAndNeverFreesTheLock()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        var digest = (await run.WhenAsync(s => s.Gates[1].Open)).Plan!.Digest;
        var acts = harness.World.Acts.Count;
        var first = (await run.Handle.DescribeAsync()).RunId;
        var original = harness.Client.GetWorkflowHandle(run.Id, first);
        var tasks = (await original.FetchHistoryAsync()).Events.Where(e => e.EventType == EventType.WorkflowTaskCompleted).Select(e => e.EventId).ToArray();
        Assert.True(tasks.Length > 10, "there are tasks to reset to");

        foreach (var task in tasks)
        {
            var reset = await harness.Client.WorkflowService.ResetWorkflowExecutionAsync(new ResetWorkflowExecutionRequest
            {
                Namespace = harness.Client.Options.Namespace,
                WorkflowExecution = new WorkflowExecution { WorkflowId = run.Id, RunId = first },
                Reason = "test",
                WorkflowTaskFinishEventId = task,
                RequestId = Guid.NewGuid().ToString(),
            });
            var execution = new Run(harness.Client.GetWorkflowHandle(run.Id, reset.RunId));
            Assert.NotEqual(RunPhase.AwaitingApproval, (await execution.StateAsync()).Phase);

            // Before the first act a denial frees the locks, and this execution knows of no act where the gate was not passed yet.
            var reply = await execution.DoAsync(Verbs.Deny, new() { By = "bob", Gate = "first", Digest = digest });
            var state = await execution.WhenAsync(s => s.Journal.Any(j => j.Event == "run.reset"));

            Assert.False(reply.Accepted);
            Assert.Contains("was reset", reply.Message, StringComparison.Ordinal);
            Assert.Equal(RunPhase.Parked, state.Phase);
            Assert.Equal(acts, harness.World.Acts.Count);
        }

        var held = await harness.Client.GetWorkflowHandle(harness.LockId).QueryAsync<LockState>("state", []);
        Assert.Equal((run.Id, first), (Assert.Single(held.Holders).Holder.WorkflowId, held.Holders[0].Holder.FirstRunId));
        await run.Handle.TerminateAsync("test is over");
    }
}
