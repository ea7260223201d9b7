using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using VirtEngine.DR.Embedded.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>A day passes in a moment, and a seed decides what goes wrong.</summary>
public sealed class VirtualTimeTests
{
    [Workflow]
    public class DayWorkflow
    {
        private int _nights;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            for (_nights = 0; _nights < 3; _nights++)
            {
                await Workflow.DelayAsync(TimeSpan.FromHours(24));
                await Workflow.ExecuteActivityAsync(() => Greeter.Greet("day"), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
            }

            return Workflow.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task VirtualTime_ThreeDays_PassInAMoment()
    {
        var time = new VirtualTime();
        var began = time.GetUtcNow();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await RunAsync(new EngineOptions { Time = time });

        Assert.InRange((time.GetUtcNow() - began).TotalHours, 72, 72.1);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task Faults_SameSeed_GiveTheSameHistory()
    {
        var plan = new FaultPlan { Seed = 7, LoseWorkflowTasks = 0.25, LoseSticky = 0.25 };

        string first = await RunAsync(new EngineOptions { Time = new VirtualTime(), Faults = plan });
        string second = await RunAsync(new EngineOptions { Time = new VirtualTime(), Faults = plan });

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Faults_LostTask_IsGivenOutAgain(int number)
    {
        string history = await RunAsync(new EngineOptions { Time = new VirtualTime(), Faults = new FaultPlan { Seed = 1, LoseWorkflowTask = number } });

        Assert.Contains("WorkflowTaskTimedOut", history, StringComparison.Ordinal);
    }

    /// <summary>Runs the days once; returns the history as lines of id, type and time.</summary>
    private static async Task<string> RunAsync(EngineOptions options)
    {
        await using var lab = await Lab.StartAsync(options, withWorker: false);
        using var worker = new TemporalWorker(lab.Client, new TemporalWorkerOptions(lab.Queue).AddWorkflow<DayWorkflow>().AddAllActivities(new Greeter()));
        return await worker.ExecuteAsync(async () =>
        {
            WorkflowHandle<DayWorkflow, string> handle;
            using (((VirtualTime)options.Time).Hold())
            {
                handle = await lab.Client.StartWorkflowAsync((DayWorkflow w) => w.RunAsync(), new WorkflowOptions("days", lab.Queue));
            }

            await handle.GetResultAsync();
            var history = await handle.FetchHistoryAsync();
            return string.Join("\n", history.Events.Select(e => $"{e.EventId} {e.EventType} {e.EventTime}").Prepend(handle.ResultRunId!));
        }, TestContext.Current.CancellationToken);
    }
}
