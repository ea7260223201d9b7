namespace VirtEngine.DR.Embedded.Store;

/// <summary>A schedule as it is now; null when it was deleted.</summary>
internal sealed record ScheduleWrite(string Namespace, string Id, byte[]? State) : StoreWrite;
