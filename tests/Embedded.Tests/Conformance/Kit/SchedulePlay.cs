using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What the scenarios of schedules share.</summary>
public static class SchedulePlay
{
    /// <summary>An action that starts "main".</summary>
    public static ScheduleActionStartWorkflow Action(Stage stage) => ScheduleActionStartWorkflow.Create("main", ["in"], new(stage.Id("run"), stage.Queue)
    {
        StaticSummary = "scheduled",
        Memo = new Dictionary<string, object> { ["k"] = "v" },
    });

    /// <summary>An hourly schedule.</summary>
    public static Task<ScheduleHandle> CreateAsync(Stage stage, ScheduleOverlapPolicy overlap, bool paused) => stage.Client.CreateScheduleAsync(
        stage.Id("sched"), new(Action(stage), new() { Intervals = [new(TimeSpan.FromHours(1))] }) { Policy = new() { Overlap = overlap }, State = new() { Paused = paused } });

    /// <summary>Its description on the wire.</summary>
    public static Task<DescribeScheduleResponse> WireAsync(ScheduleHandle schedule) =>
        schedule.Client.Connection.WorkflowService.DescribeScheduleAsync(new() { Namespace = "default", ScheduleId = schedule.Id });

    /// <summary>Waits until so many actions wait for their turn.</summary>
    public static Task BufferedAsync(ScheduleHandle schedule, int count) =>
        Eventually.TrueAsync($"{count} actions wait", TimeSpan.FromSeconds(20), async () => (await WireAsync(schedule)).Info.BufferSize == count);

    /// <summary>Waits for a state.</summary>
    public static Task SeenAsync(ScheduleHandle schedule, Func<ScheduleDescription, bool> satisfied) =>
        Eventually.TrueAsync("the schedule's state", TimeSpan.FromSeconds(20), async () => satisfied(await schedule.DescribeAsync()));

    /// <summary>Waits for an action and returns its run.</summary>
    public static async Task<WorkflowHandle> ActionAsync(Stage stage, ScheduleHandle schedule, int number)
    {
        ScheduleActionExecutionStartWorkflow action = await Eventually.GetAsync($"action {number} of the schedule", TimeSpan.FromSeconds(20), async () =>
        {
            var recent = (await schedule.DescribeAsync()).Info.RecentActions;
            return recent.Count >= number ? (ScheduleActionExecutionStartWorkflow)recent.ElementAt(number - 1).Action : null;
        });
        return stage.Client.GetWorkflowHandle(action.WorkflowId, action.FirstExecutionRunId);
    }
}
