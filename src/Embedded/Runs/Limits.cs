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

    /// <summary>The most signals that a run takes.</summary>
    public const int Signals = 10_000;

    private const int FailureBytes = 512 * 1024;

    /// <summary>Whether a payload field is too large.</summary>
    public static bool Exceeds(IMessage? blob) => blob is not null && blob.CalculateSize() > BlobBytes;

    /// <summary>How an activity fails whose worker said too much.</summary>
    public static Failure Failure(string message, Failure? cause = null) =>
        new() { Message = message, ServerFailureInfo = new() { NonRetryable = true }, Cause = cause is null ? null : Shortened(cause) };

    /// <summary>Throws Temporal's error for a payload that is too large.</summary>
    public static void Check(IMessage? blob)
    {
        if (Exceeds(blob))
        {
            throw Host.Errors.Invalid("Blob data size exceeds limit.");
        }
    }

    /// <summary>Refuses what would make a history longer that is too long already, and ends its run.</summary>
    public static void Check(Turn turn, Run run)
    {
        if (Ended(turn, run))
        {
            throw Host.Errors.Invalid(Reason(run.State)!);
        }
    }

    /// <summary>Ends a run whose history is too long; true when it was.</summary>
    public static bool Ended(Turn turn, Run run)
    {
        if (Reason(run.State) is not { } reason || !run.State.IsOpen)
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

    private static string? Reason(RunState state) => state.NextEventId > HistoryEvents ? "Workflow history count exceeds limit."
        : state.HistoryBytes > HistoryBytes ? "Workflow history size exceeds limit." : null;

    /// <summary>As much of a failure as goes into a history: its own message is cut, what lies behind it is left out.</summary>
    private static Failure Shortened(Failure failure)
    {
        var shorter = new Failure { Source = failure.Source, ApplicationFailureInfo = failure.ApplicationFailureInfo?.Clone() };
        shorter.ApplicationFailureInfo?.Details?.Payloads_.Clear();
        int room = Math.Max(0, FailureBytes - shorter.CalculateSize() - 6);
        shorter.Message = failure.Message.Length <= room ? failure.Message : failure.Message[..room];
        return shorter;
    }
}
