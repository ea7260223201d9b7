using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Embedded.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>The SDK's own client and worker, unmodified, against the engine.</summary>
public sealed class WorkflowTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Workflow_OneActivity_Completes(int cached)
    {
        await using var lab = await Lab.StartAsync(cached: cached);

        var handle = await lab.StartAsync("greet");

        Assert.Equal("Hello, world", await handle.GetResultAsync());
        var history = await handle.FetchHistoryAsync();
        Assert.Equal(
            [
                EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted, EventType.ActivityTaskCompleted, EventType.WorkflowTaskScheduled,
                EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted, EventType.WorkflowExecutionCompleted,
            ],
            history.Events.Select(e => e.EventType));
    }

    [Fact]
    public async Task Workflow_FlakyActivity_IsRetried()
    {
        await using var lab = await Lab.StartAsync();

        Assert.Equal("attempt 3", await (await lab.StartAsync("flaky")).GetResultAsync());
    }

    [Fact]
    public async Task Workflow_TimerChildAndContinueAsNew_Complete()
    {
        await using var lab = await Lab.StartAsync();

        Assert.Equal("done", await (await lab.StartAsync("timer")).GetResultAsync());
        Assert.Equal("child said: Hello, world", await (await lab.StartAsync("child")).GetResultAsync());
        Assert.Equal("Hello, world", await (await lab.StartAsync("again")).GetResultAsync());
    }

    [Fact]
    public async Task Workflow_FailingActivity_FailsWithItsCause()
    {
        await using var lab = await Lab.StartAsync();

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(async () => await (await lab.StartAsync("broken")).GetResultAsync());

        var activity = Assert.IsType<ActivityFailureException>(failed.InnerException);
        Assert.Equal("because", activity.InnerException?.Message);
    }

    [Fact]
    public async Task Activity_Silent_TimesOut()
    {
        await using var lab = await Lab.StartAsync();

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(async () => await (await lab.StartAsync("silent")).GetResultAsync());

        Assert.IsType<TimeoutFailureException>(failed.InnerException?.InnerException);
    }

    [Fact]
    public async Task Cancel_HeartbeatingActivity_UnwindsTheWorkflow()
    {
        await using var lab = await Lab.StartAsync();
        var handle = await lab.StartAsync("hang");
        await Eventually.TrueAsync("the activity runs", TimeSpan.FromSeconds(10), async () =>
            (await lab.DescribeAsync(handle.Id)).PendingActivities.Any(a => a.State == PendingActivityState.Started), TestContext.Current.CancellationToken);

        await handle.CancelAsync();

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        Assert.IsType<CanceledFailureException>(failed.InnerException);
    }

    [Fact]
    public async Task SignalsAndQueries_IdleBusyAndClosed_AreAnswered()
    {
        await using var lab = await Lab.StartAsync();
        var handle = await lab.StartAsync("wait");

        Assert.Equal("", await handle.QueryAsync(w => w.Heard()));
        await handle.SignalAsync(w => w.SayAsync("one"));
        Assert.Equal("one", await handle.QueryAsync(w => w.Heard()));
        await handle.SignalAsync(w => w.EndAsync());
        Assert.Equal("one", await handle.GetResultAsync());
        Assert.Equal("one", await handle.QueryAsync(w => w.Heard()));
        await Assert.ThrowsAsync<WorkflowQueryFailedException>(() => handle.QueryAsync(w => w.Fails()));
    }

    [Fact]
    public async Task Updates_AcceptedRejectedAndRepeated_HaveOneOutcome()
    {
        await using var lab = await Lab.StartAsync();
        var handle = await lab.StartAsync("wait");

        Assert.Equal(1, await handle.ExecuteUpdateAsync(w => w.AddAsync("a"), new() { Id = "first" }));
        Assert.Equal(1, await handle.ExecuteUpdateAsync(w => w.AddAsync("a"), new() { Id = "first" }));
        await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(w => w.AddAsync("")));
        Assert.Equal(2, await handle.ExecuteUpdateAsync(w => w.AddAsync("slow")));
        await handle.SignalAsync(w => w.EndAsync());

        Assert.Equal("a,slow", await handle.GetResultAsync());
        Assert.Equal(2, (await handle.FetchHistoryAsync()).Events.Count(e => e.EventType == EventType.WorkflowExecutionUpdateAccepted));
    }

    [Fact]
    public async Task Start_IdTaken_FailsOrUsesTheExisting()
    {
        await using var lab = await Lab.StartAsync();
        var handle = await lab.StartAsync("wait", "taken");

        await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(() => lab.StartAsync("wait", "taken"));
        var same = await lab.StartAsync("wait", "taken", o => o.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting);
        Assert.Equal(handle.ResultRunId, same.ResultRunId);

        await handle.TerminateAsync("enough");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(() => lab.StartAsync("wait", "taken", o => o.IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate));
    }

    [Fact]
    public async Task Parent_Terminated_TerminatesItsChild()
    {
        await using var lab = await Lab.StartAsync();
        var handle = await lab.StartAsync("parent");
        var child = lab.Client.GetWorkflowHandle(handle.Id + "/child");
        await Eventually.TrueAsync("the child runs", TimeSpan.FromSeconds(10), async () =>
            (await lab.DescribeAsync(handle.Id)).PendingChildren.Any(c => c.RunId.Length > 0), TestContext.Current.CancellationToken);

        await handle.TerminateAsync("enough");

        await Assert.ThrowsAsync<WorkflowFailedException>(() => child.GetResultAsync<string>());
        Assert.Equal(WorkflowExecutionStatus.Terminated, (await child.DescribeAsync()).Status);
    }

    [Fact]
    public async Task ListAndCount_ByTypeAndStatus_FindThem()
    {
        await using var lab = await Lab.StartAsync();
        await (await lab.StartAsync("greet")).GetResultAsync();
        var running = await lab.StartAsync("wait");

        var found = new List<string>();
        await foreach (var execution in lab.Client.ListWorkflowsAsync("WorkflowType = 'SampleWorkflow' AND ExecutionStatus = 'Running'"))
        {
            found.Add(execution.Id);
        }

        Assert.Equal([running.Id], found);
        Assert.Equal(2, (await lab.Client.CountWorkflowsAsync("")).Count);
    }
}
