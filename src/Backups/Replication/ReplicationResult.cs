namespace VirtEngine.DR.Backups.Replication;

/// <summary>A replica that passed the first rung at its target.</summary>
/// <param name="TargetRegion">Where.</param>
/// <param name="Key">The manifest's key.</param>
/// <param name="ObjectsCopied">Objects that the target lacked.</param>
/// <param name="BytesCopied">Their stored size.</param>
/// <param name="ObjectsPresent">Objects that were there.</param>
/// <param name="AlreadyCommitted">The manifest was there before.</param>
/// <param name="Duration">From the call to rung 1.</param>
public sealed record ReplicationResult(
    string TargetRegion, string Key, int ObjectsCopied, long BytesCopied, int ObjectsPresent, bool AlreadyCommitted, TimeSpan Duration);
