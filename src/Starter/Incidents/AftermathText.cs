using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Incidents;

/// <summary>What is owed, as plain text.</summary>
internal static class AftermathText
{
    /// <summary>One line a task, the earliest deadline first.</summary>
    public static IEnumerable<string> List(IReadOnlyList<AftermathSummary> all, DateTimeOffset now)
    {
        var rows = all.Where(one => one.State is not null).SelectMany(one => one.State!.Tasks.Select(task => (State: one.State!, one.Status, Task: task))).ToList();
        foreach (var (state, status, task) in rows.Where(r => r.Status == "Running" && r.Task.Done is null).OrderBy(r => r.Task.DueAt)
            .Concat(rows.Where(r => r.Status != "Running" || r.Task.Done is not null).OrderByDescending(r => r.Task.DueAt)))
        {
            var ended = status is not ("Running" or "Completed") && task.Done is null ? $" [{status}: nobody is reminded]" : "";
            yield return $"{Word(task, now),-28} {task.Id,-15} {state.Run.IncidentClass} owed by {task.Owner}, after {state.Run.WorkflowId}{(state.Run.Practice ? " [practice]" : "")}{ended}";
        }

        foreach (var one in all.Where(one => one.State is null))
        {
            yield return $"not begun: no worker has looked at {one.Aftermath} yet";
        }
    }

    /// <summary>All of one.</summary>
    public static IEnumerable<string> Show(AftermathState state, DateTimeOffset now)
    {
        var run = state.Run;
        yield return $"after:    {run.WorkflowId}{(run.Practice ? " [practice]" : "")}";
        yield return $"what:     {run.Runbook} {run.Target}, class {run.IncidentClass}, operator {run.Operator} (claimed)";
        yield return $"ended:    {Durations.Stamp(state.ClosedAt)} {state.Outcome}";
        yield return $"evidence: {state.Evidence ?? "none was written"}";
        yield return state.NextReminder is { } at ? $"reminder: {Durations.Stamp(at)}" : "reminder: none any more";
        foreach (var task in state.Tasks)
        {
            yield return "";
            yield return $"{task.Id}: {task.Title}, {Word(task, now)}";
            yield return $"  due {Durations.Stamp(task.DueAt)} ({Durations.Goal(task.Within)} after the end; {task.Source}), owed by {task.Owner} (claimed)";
            yield return task.Done is { } done
                ? $"  done by {done.By} (claimed) at {Durations.Stamp(done.At)}{(done.Late ? ", late" : "")}: {done.Where}{(done.Note is { } note ? $" - {note}" : "")}"
                : $"  virtengine-dr incidents done {run.WorkflowId} --task {task.Id} --where LINK";
        }

        if (state.Journal.Count > 0)
        {
            yield return "";
            yield return "journal";
        }

        foreach (var entry in state.Journal)
        {
            yield return $"  {Durations.Stamp(entry.At)} {(entry.Actor == "flow" ? "" : entry.Actor + " (claimed): ")}{entry.Text}";
        }
    }

    private static string Word(AftermathTask task, DateTimeOffset now) => task.Done is { } done ? done.Late ? "done, late" : "done"
        : task.DueAt <= now ? $"OVERDUE by {Durations.Text(now - task.DueAt)}" : $"due in {Durations.Text(task.DueAt - now)}";
}
