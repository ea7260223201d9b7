using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Locks;

/// <summary>Starts a <c>Lock</c> workflow, whose id is the lock.</summary>
/// <param name="Holder">Who takes it.</param>
/// <param name="Channels">Whom to page when the holder ends without releasing it.</param>
/// <param name="IncidentClass">D1 to D5; null for backups.</param>
/// <param name="Practice">Says so in pages.</param>
public sealed record LockInput(LockHolder Holder, IReadOnlyList<ChannelSpec> Channels, string? IncidentClass, bool Practice);

/// <summary>
/// Frees a lock: the update and the signal <c>release</c>. The holder names its workflow id and first run id. An orphaned lock is
/// also freed by a person (<see cref="By"/>, <see cref="Why"/>) with another person's approval (<see cref="ApprovedBy"/>).
/// </summary>
public sealed record LockRelease
{
    /// <summary>The holder's run.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>The holder's first execution.</summary>
    public string? FirstRunId { get; init; }

    /// <summary>Who frees an orphaned lock.</summary>
    public string? By { get; init; }

    /// <summary>Why.</summary>
    public string? Why { get; init; }

    /// <summary>Who approved that.</summary>
    public string? ApprovedBy { get; init; }
}

/// <summary>The answer to a release.</summary>
/// <param name="Released">Whether the lock is free now.</param>
/// <param name="Message">What happened, or why not.</param>
/// <param name="State">The lock as it is.</param>
public sealed record LockReply(bool Released, string Message, LockState State);

/// <summary>Messages of the lock and of those who hold one.</summary>
public static class LockVerbs
{
    /// <summary>Update and signal of the lock: frees it.</summary>
    public const string Release = "release";

    /// <summary>Signal of a holder: a run of a higher rank (the argument, a <see cref="LockHolder"/>) wants its lock.</summary>
    public const string Yield = "yield";
}
