namespace VirtEngine.DR.Starter.Schedules;

/// <summary>One schedule as it is on the server, compared with the estate.</summary>
/// <param name="Id">Its id on the server.</param>
/// <param name="Workflow">The workflow type.</param>
/// <param name="Cron">As the estate has it; null where the estate has none.</param>
/// <param name="CatchUp">How late a missed run may still start; null where the estate has none.</param>
/// <param name="State"><c>created</c>, <c>changed</c>, <c>as wanted</c>, <c>missing</c>, <c>different</c>, <c>not in the estate</c> or <c>removed</c>.</param>
/// <param name="Paused">Somebody paused it.</param>
/// <param name="Next">The next runs (UTC).</param>
/// <param name="Missed">Runs missed because no server was there within the catch-up time.</param>
/// <param name="Overlapped">Runs skipped because the one before was still at work.</param>
internal sealed record ScheduleReport(
    string Id, string Workflow, string? Cron, TimeSpan? CatchUp, string State, bool Paused, IReadOnlyList<DateTimeOffset> Next, long Missed,
    long Overlapped);
