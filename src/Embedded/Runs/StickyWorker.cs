namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The queue of the worker that has the run in its cache, and how long a task may wait there.</summary>
internal sealed record StickyWorker(string Queue, TimeSpan ScheduleToStart);
