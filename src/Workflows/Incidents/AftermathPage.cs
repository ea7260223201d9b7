using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>What people are told of what they owe.</summary>
public static class AftermathPage
{
    /// <summary>At the beginning: everything that is owed.</summary>
    public static Notification HandedOver(string id, AftermathInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var owed = string.Join(", ", input.Tasks.Select(t => $"{t.Title} by {t.DueAt:u}"));
        return Of(id + "/handed-over", "info", $"closed ({input.Outcome}). Owed now: {owed}", input, input.Tasks);
    }

    /// <summary>A reminder of one task.</summary>
    public static Notification Reminder(string id, AftermathInput input, AftermathTask task, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(task);
        var number = Reminders.Due(task, now);
        var left = task.DueAt - now;
        var last = number == Reminders.Of(task).Count ? " This is the last reminder; it stays open." : "";
        var (severity, text) = left > TimeSpan.Zero
            ? (left <= TimeSpan.FromDays(1) ? "warning" : "info", $"{task.Title} is due in {Spans.Text(left)} ({task.DueAt:u}), owed by {task.Owner}")
            : left > -TimeSpan.FromHours(1)
                ? ("error", $"{task.Title} is due now ({task.DueAt:u}) and not done, owed by {task.Owner}")
                : ("error", $"{task.Title} is OVERDUE by {Spans.Text(-left)} ({task.DueAt:u}), owed by {task.Owner}.{last}");
        return Of(FormattableString.Invariant($"{id}/{task.Id}/{number}"), severity, text, input, [task]);
    }

    /// <summary>A cancellation closes nothing.</summary>
    public static Notification CancelRefused(string id, AftermathInput input, IReadOnlyList<AftermathTask> open) => Of(
        id + "/cancel-refused", "warning", "cancelled in the Temporal UI, which ends nothing: it ends when everything is done, or by a termination", input, open);

    private static Notification Of(string key, string severity, string text, AftermathInput input, IReadOnlyList<AftermathTask> tasks)
    {
        var run = input.Run;
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["run"] = run.WorkflowId,
            ["runbook"] = run.Runbook,
            ["target"] = run.Target,
            ["outcome"] = input.Outcome,
            ["evidence"] = input.Evidence ?? "none was written",
            ["look"] = "virtengine-dr incidents show " + run.WorkflowId,
        };
        foreach (var task in tasks)
        {
            details["done " + task.Id] = $"virtengine-dr incidents done {run.WorkflowId} --task {task.Id} --where LINK --by NAME";
        }

        return new(
            key, severity, run.IncidentClass, $"{(run.Practice ? "[practice] " : "")}{run.Runbook} {run.Target}: {text}", details,
            input.Channels, run.Practice);
    }
}
