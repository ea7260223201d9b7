namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>A start that is due and waits for those before it.</summary>
internal sealed record BufferedStart(DateTime Nominal, DateTime Actual, ScheduleOverlapPolicy Overlap, bool Manual);
