using System.Globalization;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>What is wrong with schedules, as seen at one moment.</summary>
public static class ScheduleProblems
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Each thing with a key that stays the same as long as it is the same thing.</summary>
    public static IReadOnlyList<ScheduleProblem> Of(ScheduleSight sight)
    {
        ArgumentNullException.ThrowIfNull(sight);
        return [.. sight.Schedules.SelectMany(s => Of(s, sight.At))];
    }

    private static IEnumerable<ScheduleProblem> Of(ScheduleLook look, DateTimeOffset now)
    {
        if (!look.Exists)
        {
            yield return new(look.Workflow + "/absent", $"{look.Workflow} has no schedule on the server: virtengine-dr schedules apply");
            yield break;
        }

        var last = look.Last is { } at ? Text($"the last one was due {at:u}") : "none has ever run";
        if (look.Missed > 0)
        {
            yield return new(
                Text($"{look.Workflow}/missed/{look.Missed}"),
                Text($"{look.Workflow}: {look.Missed} run(s) were missed, no server could start them within {look.CatchUp}; {last}"));
        }

        if (look.Paused)
        {
            yield return new(look.Workflow + "/paused", $"{look.Workflow} is paused by somebody: it does not run; {last}");
        }
        else if (look.Next is { } next && now - next > look.CatchUp + Grace)
        {
            yield return new(Text($"{look.Workflow}/overdue/{next:u}"), Text($"{look.Workflow} was due {next:u} and has not run; {last}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
