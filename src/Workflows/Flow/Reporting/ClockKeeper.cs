using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The clock against the objective: from the trigger to the proof of health; time at gates and in pauses counts and is shown apart.</summary>
public sealed class ClockKeeper(DateTimeOffset triggeredAt, DateTimeOffset now)
{
    private RunPhase phase = RunPhase.Planning;
    private DateTimeOffset since = now;
    private TimeSpan atGates;
    private TimeSpan paused;

    /// <summary>The objective.</summary>
    public TimeSpan? Target { get; set; }

    /// <summary>When the application was proven healthy.</summary>
    public DateTimeOffset? ProvenAt { get; private set; }

    /// <summary>When the first step that contains was proven.</summary>
    public DateTimeOffset? ContainedAt { get; private set; }

    /// <summary>The run entered a phase.</summary>
    public void Enter(RunPhase next, DateTimeOffset at)
    {
        (atGates, paused) = Sums(at);
        phase = next;
        since = at;
    }

    /// <summary>The application is healthy, and it is proven.</summary>
    public void Prove(DateTimeOffset at) => ProvenAt ??= at;

    /// <summary>What broke does no more harm, and it is proven; false where that was so before.</summary>
    public bool Contain(DateTimeOffset at)
    {
        var first = ContainedAt is null;
        ContainedAt ??= at;
        return first;
    }

    /// <summary>What was proven is so no more.</summary>
    public void Relapse() => ProvenAt = null;

    /// <summary>As of now.</summary>
    public ClockState ToState(DateTimeOffset at)
    {
        var (gates, pauses) = Sums(at);
        return new(triggeredAt, Target, ProvenAt, gates, pauses) { ContainedAt = ContainedAt };
    }

    private (TimeSpan AtGates, TimeSpan Paused) Sums(DateTimeOffset at)
    {
        var spent = at > since ? at - since : TimeSpan.Zero;
        return phase switch
        {
            RunPhase.AwaitingApproval => (atGates + spent, paused),
            RunPhase.Paused or RunPhase.Parked => (atGates, paused + spent),
            _ => (atGates, paused),
        };
    }
}
