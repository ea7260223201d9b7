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

    /// <summary>Throws Temporal's error for a payload that is too large.</summary>
    public static void Check(IMessage? blob)
    {
        if (blob is not null && blob.CalculateSize() > BlobBytes)
        {
            throw Host.Errors.Invalid("Blob data size exceeds limit.");
        }
    }

    /// <summary>Ends a run whose history is too long; true when it was.</summary>
    public static bool Ended(Turn turn, Run run)
    {
        var state = run.State;
        string? reason = state.NextEventId > HistoryEvents ? "Workflow history count exceeds limit."
            : state.HistoryBytes > HistoryBytes ? "Workflow history size exceeds limit." : null;
        if (reason is null || !state.IsOpen)
        {
            return false;
        }

        turn.Later(t =>
        {
            if (run.State.IsOpen)
            {
                Closes.Terminate(t, run, reason, null, "history-service");
            }
        });
        return true;
    }
}
