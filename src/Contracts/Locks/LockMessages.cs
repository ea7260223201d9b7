using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Locks;

/// <summary>Starts a <c>Lock</c> workflow, whose id is the lock.</summary>
/// <param name="Holder">Who takes it.</param>
/// <param name="Channels">Whom to page when a holder ends without releasing it.</param>
/// <param name="IncidentClass">D1 to D5; null for backups.</param>
/// <param name="Practice">Says so in pages.</param>
public sealed record LockInput(LockHolder Holder, IReadOnlyList<ChannelSpec> Channels, string? IncidentClass, bool Practice)
{
    /// <summary>Others may share it: a region's lock in the hands of node and zone runs. Default: it is its holder's alone.</summary>
    public bool Shared { get; init; }
}

/// <summary>Joins those who share a lock: the signal <c>join</c>. Ignored where the lock is one holder's alone; the state says who holds it.</summary>
/// <param name="Holder">Who joins.</param>
public sealed record LockJoin(LockHolder Holder)
{
    /// <summary>The only one who shares it needs it alone from now on. Ignored while there are others.</summary>
    public bool Alone { get; init; }
}

/// <summary>
/// Puts another holder in the place of one: the signal <c>transfer</c>. A holder sends it when it hands its unfinished undo over; a
/// repair sends it for a holder that ended without a release.
/// </summary>
/// <param name="WorkflowId">The former holder's run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="To">The new holder.</param>
public sealed record LockTransfer(string WorkflowId, string FirstRunId, LockHolder To);

/// <summary>
/// Frees a lock: the update and the signal <c>release</c>. A holder names its workflow id and first run id. An orphaned share is also
/// freed by a person (<see cref="By"/>, <see cref="Why"/>) with another person's approval (<see cref="ApprovedBy"/>).
/// </summary>
public sealed record LockRelease
{
    /// <summary>The holder's run; a person may leave it out where only one share is orphaned.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>The holder's first execution.</summary>
    public string? FirstRunId { get; init; }

    /// <summary>Who frees an orphaned share.</summary>
    public string? By { get; init; }

    /// <summary>Why.</summary>
    public string? Why { get; init; }

    /// <summary>Who approved that.</summary>
    public string? ApprovedBy { get; init; }
}

/// <summary>The answer to a release.</summary>
/// <param name="Released">Whether the share is free now.</param>
/// <param name="Message">What happened, or why not.</param>
/// <param name="State">The lock as it is.</param>
public sealed record LockReply(bool Released, string Message, LockState State);

/// <summary>Messages of the lock and of those who hold one.</summary>
public static class LockVerbs
{
    /// <summary>Update and signal of the lock: frees it.</summary>
    public const string Release = "release";

    /// <summary>Signal of the lock: shares it.</summary>
    public const string Join = "join";

    /// <summary>Signal of the lock: another holder in the place of one.</summary>
    public const string Transfer = "transfer";

    /// <summary>Query of the lock: how its holders ended, with their journals (<see cref="HolderEnd"/>).</summary>
    public const string Ends = "ends";

    /// <summary>Signal of a holder: a run of a higher rank (the argument, a <see cref="LockHolder"/>) wants its lock.</summary>
    public const string Yield = "yield";

    /// <summary>Signal of a run: a holder that acted hands over what it did (a <see cref="Flow.RunHandover"/>).</summary>
    public const string Inherit = "inherit";
}
