using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Signers;

/// <summary>Starts <see cref="WorkflowTypes.SignerMove"/>. <c>{"node":"validator-0b"}</c> suffices.</summary>
public sealed record SignerMoveInput : IRunbookInput
{
    /// <summary>The node on whose host the key is to sign; it has the key and is enrolled as a standby.</summary>
    public string Node { get; init; } = "";

    /// <summary>Machines that were ended otherwise than by a fence, each with who says so (<c>--ended FILE</c>).</summary>
    public IReadOnlyList<EndStatement> Ended { get; init; } = [];

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D1.</summary>
    public string IncidentClass { get; init; } = "D1";

    /// <summary>Who starts it; null where nobody is named.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the failure was noticed; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the new signer is watched for a relapse; it may shorten what the estate says. 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>Settle what another run left behind; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}
