namespace VirtEngine.DR.Starter;

/// <summary>How the program ends. The table is printed by <c>--help</c> and is part of the program's contract with scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Done and proven.</summary>
    public const int Ok = 0;

    /// <summary>The run or the check failed, was aborted or was rolled back.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the estate or an input is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Refused: denied, locked by another run, forbidden by a safety rule, or answered "no" at the keyboard.</summary>
    public const int Refused = 3;

    /// <summary>There is no such run, node or backup.</summary>
    public const int NotFound = 4;

    /// <summary>The Temporal server, a bucket or another service did not answer.</summary>
    public const int Unreachable = 5;

    /// <summary>Done in part: the report says what is missing or unproven.</summary>
    public const int Partial = 6;

    /// <summary>The watch ended while the run waits for a person (a gate, parked or paused).</summary>
    public const int Waiting = 7;

    /// <summary>The server keeps the message, but no worker has answered: what it did is not known yet.</summary>
    public const int Queued = 8;

    /// <summary>The worker does not poll: an open run was begun by another version, which is named.</summary>
    public const int OtherVersion = 9;

    /// <summary>A mistake in this program.</summary>
    public const int Internal = 70;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Each code with what it means, in order.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
    [
        (Ok, "done and proven"),
        (Failed, "the run or the check failed, was aborted or was rolled back"),
        (Usage, "the command line, the estate or an input is wrong"),
        (Refused, "refused: denied, locked by another run, or forbidden by a safety rule"),
        (NotFound, "no such run, node or backup"),
        (Unreachable, "the Temporal server or a store did not answer"),
        (Partial, "done in part; the report says what is missing or unproven"),
        (Waiting, "the watch ended while the run waits for a person"),
        (Queued, "stored by the server; no worker has answered yet"),
        (OtherVersion, "the worker does not poll: an open run needs another version, which is named"),
        (Internal, "a mistake in this program"),
        (Interrupted, "ended by Ctrl-C"),
    ];
}
