namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Temporal's limits.</summary>
internal static class Limits
{
    /// <summary>The largest payload field, in bytes.</summary>
    public const int BlobBytes = 2 * 1024 * 1024;

    /// <summary>The longest history, in events.</summary>
    public const int HistoryEvents = 51_200;

    /// <summary>The largest history, in bytes.</summary>
    public const long HistoryBytes = 50 * 1024 * 1024;
}
