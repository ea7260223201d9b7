namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A timer of a workflow that has not fired.</summary>
internal sealed record TimerState(long StartedEventId, DateTime Due);
