using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>
/// Compares the estate's schedules with what the server made of them, and tells what is missed, overdue, paused or not there: each once.
/// What the last check told comes with the schedule, as the last run's result.
/// </summary>
[Workflow(WorkflowTypes.CheckSchedules)]
public sealed class CheckSchedulesWorkflow
{
    /// <summary>Checks.</summary>
    /// <exception cref="ApplicationFailureException">The server cannot be asked.</exception>
    [WorkflowRun]
    public async Task<ScheduleCheckOutcome> RunAsync(ScheduleCheckInput input)
    {
        Progress.Introduce(WorkflowTypes.CheckSchedules, null);
        var before = LastOutcome();
        ScheduleSight sight;
        try
        {
            sight = await Workflow.ExecuteActivityAsync((IScheduleActivities a) => a.LookAsync(), Policies.Probe("looks at the schedules"));
        }
        catch (ActivityFailureException e)
        {
            var failure = Failure.From(e);
            throw new ApplicationFailureException(failure.Message, failure.Type, nonRetryable: true);
        }

        var problems = ScheduleProblems.Of(sight);
        Workflow.CurrentDetails = problems.Count == 0 ? "All schedules are as they should be." : string.Join("\n\n", problems.Select(p => p.Text));
        var told = before?.Problems.Select(p => p.Key).ToArray() ?? [];
        var fresh = problems.Where(p => !told.Contains(p.Key)).ToArray();
        return new(problems, fresh.Length == 0 ? [] : await TellAsync(sight, fresh));
    }

    private static ScheduleCheckOutcome? LastOutcome() =>
        Workflow.Info.LastResult?.FirstOrDefault() is { } last ? Workflow.PayloadConverter.ToValue<ScheduleCheckOutcome>(last) : null;

    private static async Task<IReadOnlyList<string>> TellAsync(ScheduleSight sight, ScheduleProblem[] fresh)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["workflow"] = WorkflowTypes.CheckSchedules,
            ["run"] = Workflow.Info.WorkflowId,
            ["look"] = "virtengine-dr schedules list",
        };
        try
        {
            var receipts = await BackupCalls.NotifyAsync(new(
                $"{Workflow.Info.WorkflowId}/{Workflow.Info.RunId}", "error", null,
                (sight.Simulated ? "[practice] " : "") + string.Join("; ", fresh.Select(p => p.Text)), details, sight.Channels, sight.Simulated));
            return [.. receipts.Where(r => !r.Delivered).Select(r => $"{r.Channel} was not told: {r.Detail}")];
        }
        catch (FailureException e)
        {
            return [$"nobody was told: {Failure.From(e).Message}"];
        }
    }
}
