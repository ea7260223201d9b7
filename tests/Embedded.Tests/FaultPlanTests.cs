using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using VirtEngine.DR.Embedded.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>Each kind of fault: what it does to a history, and that the same seed does it again.</summary>
public sealed class FaultPlanTests
{
    private static readonly FaultPlan Calm = new() { Seed = 3 };

    public static TheoryData<string, FaultPlan, string> Kinds => new()
    {
        { "lost workflow tasks", Calm with { LoseWorkflowTasks = 0.5 }, nameof(EventType.WorkflowTaskTimedOut) },
        { "lost activity answers", Calm with { LoseActivities = 0.8 }, "attempt ([2-9]|[1-9][0-9])" },
        { "activities that never begin", Calm with { TimeOutActivities = 0.5 }, "attempt ([2-9]|[1-9][0-9])" },
        { "activity failures", Calm with { FailActivities = 0.8 }, "attempt ([2-9]|[1-9][0-9])" },
        { "late answers", Calm with { LateActivities = 1, LongestDelay = TimeSpan.FromSeconds(50) }, nameof(EventType.ActivityTaskCompleted) },
        { "slow heartbeats", Calm with { SlowHeartbeats = 0.7 }, "attempt ([2-9]|[1-9][0-9])" },
        { "duplicate activities", Calm with { DuplicateActivities = 1 }, nameof(EventType.ActivityTaskCompleted) },
        { "duplicate workflow tasks", Calm with { DuplicateWorkflowTasks = 1 }, nameof(EventType.WorkflowTaskCompleted) },
        { "late messages", Calm with { LateMessages = 1 }, nameof(EventType.WorkflowExecutionSignaled) },
        { "duplicate messages", Calm with { DuplicateMessages = 1 }, nameof(EventType.WorkflowExecutionSignaled) },
        { "lost caches", Calm with { LoseSticky = 1 }, nameof(EventType.WorkflowTaskCompleted) },
        { "a restart", Calm with { RestartAtWorkflowTask = 3 }, nameof(EventType.WorkflowTaskCompleted) },
    };

    [Workflow]
    public class TwoWorkflow
    {
        private int heard;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            var options = new ActivityOptions { StartToCloseTimeout = TimeSpan.FromMinutes(10), HeartbeatTimeout = TimeSpan.FromSeconds(30) };
            var both = new[] { "a", "b", "c" }.Select(name => Workflow.ExecuteActivityAsync((Waiter w) => w.WaitAsync(name), options)).ToArray();
            await Workflow.WaitConditionAsync(() => heard > 0);
            var answers = await Workflow.WhenAllAsync(both);
            await Workflow.DelayAsync(TimeSpan.FromHours(24));
            return $"{string.Concat(answers)} {heard}";
        }

        [WorkflowSignal]
        public Task HearAsync()
        {
            heard++;
            return Task.CompletedTask;
        }
    }

    [Workflow]
    public class OnceWorkflow
    {
        private readonly TimeSpan rest = TimeSpan.FromHours(1);

        [WorkflowRun]
        public async Task RunAsync()
        {
            await Workflow.ExecuteActivityAsync((Busy b) => b.WorkAsync(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(10) });
            await Workflow.DelayAsync(rest);
        }
    }

    public sealed class Busy
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
        private readonly TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Calls { get; private set; }

        public bool Met { get; private set; }

        /// <summary>The first call waits for the second, in vain: that comes when the first is done.</summary>
        [Activity]
        public async Task WorkAsync()
        {
            if (++Calls > 1)
            {
                second.SetResult();
                return;
            }

            try
            {
                await second.Task.WaitAsync(Patience);
                Met = true;
            }
            catch (TimeoutException)
            {
                // As it should be.
            }
        }
    }

    public sealed class Waiter(VirtualTime time)
    {
        [Activity]
        public async Task<string> WaitAsync(string name)
        {
            var context = ActivityExecutionContext.Current;
            await time.WaitAsync(context.Info.TaskToken, TimeSpan.FromMinutes(2)).WaitAsync(context.CancellationToken);
            return name;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Fault_SameSeed_DoesTheSameAgainAndTheRunEndsWell(string kind, FaultPlan plan, string sign)
    {
        var first = await PlayAsync(plan);
        var second = await PlayAsync(plan);

        Assert.Equal("abc 1", first.Result);
        Assert.Matches(sign, first.History);
        Assert.Equal(first.History, second.History);
        Assert.Equal(kind == "a restart" ? 1 : 0, first.Restarts);
    }

    [Fact]
    public async Task DuplicateActivities_SecondCopy_BeginsWhenTheFirstIsDone()
    {
        var busy = new Busy();
        await using var lab = await Lab.StartAsync(new EngineOptions { Time = new VirtualTime(), Faults = Calm with { DuplicateActivities = 1 } }, withWorker: false);
        using var worker = new TemporalWorker(lab.Client, new TemporalWorkerOptions(lab.Queue).AddWorkflow<OnceWorkflow>().AddAllActivities(busy));

        await worker.ExecuteAsync(() => lab.Client.ExecuteWorkflowAsync((OnceWorkflow w) => w.RunAsync(), new WorkflowOptions("once", lab.Queue)), TestContext.Current.CancellationToken);

        Assert.Equal(2, busy.Calls);
        Assert.False(busy.Met);
    }

    [Fact]
    public async Task LoseWorkflowTask_EachInTurn_TheRunEndsWell()
    {
        var calm = await PlayAsync(Calm);
        for (var number = 1; number <= calm.Tasks; number++)
        {
            var played = await PlayAsync(Calm with { LoseWorkflowTask = number });
            Assert.Equal("abc 1", played.Result);
            Assert.Contains(nameof(EventType.WorkflowTaskTimedOut), played.History, StringComparison.Ordinal);
        }

        Assert.True(calm.Tasks > 3);
    }

    [Fact]
    public async Task RestartAtWorkflowTask_InMemory_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        () => EmbeddedEngine.StartAsync(new EngineOptions { Time = new VirtualTime(), Faults = Calm with { RestartAtWorkflowTask = 1 } }, TestContext.Current.CancellationToken));

    private static async Task<(string Result, string History, int Tasks, int Restarts)> PlayAsync(FaultPlan plan)
    {
        using var folder = new ScratchFolder();
        var time = new VirtualTime();
        await using var lab = await Lab.StartAsync(
            new EngineOptions { Time = time, Faults = plan, DataFile = plan.RestartAtWorkflowTask is null ? null : folder["engine.db"] }, withWorker: false);
        var other = await Lab.ConnectAsync(lab.Engine);
        using var one = Worker(lab.Client, lab.Queue, time);
        using var two = Worker(other, lab.Queue, time);
        return await one.ExecuteAsync(() => two.ExecuteAsync(async () =>
        {
            var handle = lab.Client.GetWorkflowHandle<TwoWorkflow, string>("two");
            Task started;
            using (time.Hold())
            {
                started = lab.Client.StartWorkflowAsync((TwoWorkflow w) => w.RunAsync(), new WorkflowOptions("two", lab.Queue));
                await time.TakenAsync(1);
            }

            Task signaled;
            using (await time.PauseAsync(() => time.GetUtcNow() + TimeSpan.FromMinutes(1.5)))
            {
                signaled = handle.SignalAsync(w => w.HearAsync());
                await time.TakenAsync(2);
            }

            var result = await handle.GetResultAsync();
            await Task.WhenAll(started, signaled);
            var history = await handle.FetchHistoryAsync();
            return (result, string.Join("\n", history.Events.Select(Line)), lab.Engine.WorkflowTasksGiven, lab.Engine.Restarts);
        }, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    private static string Line(Temporalio.Api.History.V1.HistoryEvent e) => e.ActivityTaskStartedEventAttributes is { } started
        ? $"{e.EventId} {e.EventType} {e.EventTime} of {started.ScheduledEventId}, attempt {started.Attempt}" : $"{e.EventId} {e.EventType} {e.EventTime}";

    private static TemporalWorker Worker(TemporalClient client, string queue, VirtualTime time) =>
        new(client, new TemporalWorkerOptions(queue).AddWorkflow<TwoWorkflow>().AddAllActivities(new Waiter(time)));
}
