using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>When people are reminded of a task: at half time, a day before, at the deadline, then daily, and one day for the last time.</summary>
public static class Reminders
{
    /// <summary>How many days after its deadline a task is still called out.</summary>
    public const int OverdueDays = 14;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>All of a task's reminders, in order.</summary>
    public static IReadOnlyList<DateTimeOffset> Of(AftermathTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var began = task.DueAt - task.Within;
        IEnumerable<DateTimeOffset> before = [began + (task.Within / 2), task.DueAt - Day];
        return
        [
            .. before.Where(at => at > began && at < task.DueAt).Distinct().Order(),
            .. Enumerable.Range(0, OverdueDays + 1).Select(day => task.DueAt + (day * Day)),
        ];
    }

    /// <summary>The next one; null where the task is done, or was called out for the last time.</summary>
    public static DateTimeOffset? Next(AftermathTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var all = Of(task);
        return task.Done is null && task.Reminded < all.Count ? all[task.Reminded] : null;
    }

    /// <summary>How many are due by now. Of several that nobody was there to send, only the newest is sent.</summary>
    public static int Due(AftermathTask task, DateTimeOffset now) => Of(task).Count(at => at <= now);
}
