namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>The process that was started for a node: enough to know it again after its worker is gone.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTime">Clock ticks after boot, from <c>/proc/PID/stat</c>; an id that was used again has another.</param>
/// <param name="BootId">The boot that the two belong to.</param>
/// <param name="Command">What was started.</param>
/// <param name="StartedAt">When, by the host's clock.</param>
/// <param name="LogFrom">Where in the log its own output begins.</param>
internal sealed record ProcessRecord(int Pid, ulong StartTime, string BootId, IReadOnlyList<string> Command, DateTimeOffset StartedAt, long LogFrom = 0);
