namespace VirtEngine.DR.Backups.Retention;

/// <summary>What one run of the collector did.</summary>
internal sealed record Collection(int Marked, int Deleted, long BytesDeleted, IReadOnlyList<string> WaitingFor, IReadOnlyList<string> Revoked);
