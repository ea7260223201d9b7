namespace VirtEngine.DR.Embedded.Store;

/// <summary>A run that is gone with all its events.</summary>
internal sealed record RunDelete(string RunId) : StoreWrite;
