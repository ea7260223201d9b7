using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>Workers come and go, runs are replayed from the start and reset.</summary>
public sealed class WorkerTests(DevServer server)
{
    [Theory]
    [InlineData("restore.stage")]
    [InlineData("node.stop")]
    [InlineData("restore.swap")]
    [InlineData("chain.await-healthy")]
    public async Task ControlWorker_ReplacedDuringAnAct_TheRunGoesOn(string activity)
    {
        await using var harness = Harness.Start(server, control: false);
        var first = harness.StartControl();
        var hold = harness.World.Faults.HoldNext(activity);
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await hold.Entered;

        await first.DisposeAsync();
        hold.Release();
        harness.StartControl();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Truth.Check(harness.World, state);
    }

    [Fact]
    public async Task Run_WithoutACache_IsReplayedAtEveryTaskWithTheSameEnd()
    {
        await using var harness = Harness.Start(server, cached: 0);
        harness.World.Faults.Fail("restore.swap");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);

        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Truth.Check(harness.World, state);
    }

    [Fact]
    public async Task Run_WithoutACache_UnwindsToo()
    {
        await using var harness = Harness.Start(server, cached: 0);
        harness.World.Healthy = false;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Truth.Check(harness.World, state);
    }

    [Fact]
    public async Task NodeWorker_Absent_ParksWithItsOwnAdviceAndGoesOnWhenItIsBack()
    {
        await using var harness = Harness.Start(server, node: false);
        var run = await harness.RestoreAsync();

        var state = await run.WhenAsync(s => s.Phase == RunPhase.Parked, TimeSpan.FromSeconds(100));
        Assert.Contains("Node worker absent", state.Headline, StringComparison.Ordinal);
        Assert.Contains("virtengine-dr worker --role node", state.Headline, StringComparison.Ordinal);
        harness.StartNode();
        await run.DoAsync(Verbs.Retry);
        await run.ApproveAsync();

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_WasReset_MayOnlyBeRepaired()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        var acts = harness.World.Acts.Count;
        var history = await run.Handle.FetchHistoryAsync();

        // The task that opened the gate, known by the page it sent: a later one may have completed meanwhile (the page was sent), and then the
        // run would wait at a gate that it opened before the reset.
        var at = history.Events.Last(e => e.ActivityTaskScheduledEventAttributes is not null).ActivityTaskScheduledEventAttributes.WorkflowTaskCompletedEventId;
        await harness.Client.WorkflowService.ResetWorkflowExecutionAsync(new ResetWorkflowExecutionRequest
        {
            Namespace = harness.Client.Options.Namespace,
            WorkflowExecution = new WorkflowExecution { WorkflowId = run.Id },
            Reason = "test",
            WorkflowTaskFinishEventId = at,
            RequestId = Guid.NewGuid().ToString(),
        });

        var state = await run.WhenAsync(s => s.Journal.Any(j => j.Event == "run.reset"));

        Assert.Equal(RunPhase.Parked, state.Phase);
        Assert.Equal(["note", "acknowledge", "hand-over"], state.Allowed.Select(v => v.Verb));
        Assert.False((await run.DoAsync(Verbs.Abort)).Accepted);
        Assert.Equal(acts, harness.World.Acts.Count);
        Assert.True(await harness.LockedAsync());
        await run.Handle.TerminateAsync("test is over");
    }

    [Fact]
    public async Task Run_Visible_BySearchAttributesMemoAndDetails()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync(i => i with { Ticket = "OPS-1" });
        await run.WhenAsync(RunPhase.AwaitingApproval);

        var description = await run.Handle.DescribeAsync();
        var attributes = description.TypedSearchAttributes;

        Assert.Equal(WorkflowTypes.BackupRestore, attributes.Get(SearchAttributeNames.Runbook));
        Assert.Equal("node/" + harness.World.Node, attributes.Get(SearchAttributeNames.Target));
        Assert.Equal(harness.World.Region, attributes.Get(SearchAttributeNames.Region));
        Assert.Equal("practice", attributes.Get(SearchAttributeNames.Mode));
        Assert.Equal("awaitingApproval", attributes.Get(SearchAttributeNames.Phase));
        Assert.True(attributes.ContainsKey(SearchAttributeNames.RtoDeadline));
        Assert.Equal("OPS-1", await description.Memo["ticket"].ToValueAsync<string>());
        await run.AbortAsync();
        await run.ResultAsync();
        var closed = (await run.Handle.DescribeAsync()).TypedSearchAttributes;
        Assert.Equal("aborted", closed.Get(SearchAttributeNames.Outcome));
        Assert.Equal("closed", closed.Get(SearchAttributeNames.Phase));
    }
}
