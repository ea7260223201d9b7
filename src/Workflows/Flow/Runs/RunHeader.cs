using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What is known of a run before it asked anybody: from its input alone.</summary>
public sealed record RunHeader
{
    /// <summary>The runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>What it does.</summary>
    public required string Title { get; init; }

    /// <summary>Such as <c>node/fullnode-0</c>.</summary>
    public required string Target { get; init; }

    /// <summary>D1 to D5.</summary>
    public string? IncidentClass { get; init; }

    /// <summary>live, practice or dry run.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Who started it; null when nobody said.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the failure was noticed.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>What another run left behind and this one settles, instead of what the runbook usually does.</summary>
    public Takeover? Takeover { get; init; }

    /// <summary>Who acts, see <see cref="Ranks"/>; with the class it decides how the run compares with the holder of a lock.</summary>
    public int Rank { get; init; } = Ranks.Human;

    /// <summary>Of a runbook's input.</summary>
    /// <param name="input">What it was started with.</param>
    /// <param name="runbook">Its workflow type.</param>
    /// <param name="title">What it does.</param>
    /// <param name="target">Such as <c>node/fullnode-0</c>.</param>
    public static RunHeader Of(IRunbookInput input, string runbook, string title, string target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new()
        {
            Runbook = runbook,
            Title = title,
            Target = target,
            IncidentClass = input.IncidentClass,
            Mode = input.Mode,
            Operator = input.Operator,
            Reason = input.Reason,
            Ticket = input.Ticket,
            TriggeredAt = input.TriggeredAt,
            Takeover = input.Takeover,
        };
    }
}
