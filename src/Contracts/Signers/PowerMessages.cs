using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Signers;

/// <summary>A question to the power budget.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Address">The validator's consensus address.</param>
/// <param name="Node">Its node, for people.</param>
/// <param name="AskId">Random, of this ask.</param>
public sealed record PowerQuery(string Chain, string Address, string Node, string AskId);

/// <summary>An ask, or its end.</summary>
/// <param name="Query">Of what.</param>
/// <param name="AskedBy">The run, as WORKFLOW/RUN: who looks it up there sees whether it ended.</param>
/// <param name="Approvals">Who approved that the chain may halt.</param>
public sealed record PowerReserve(PowerQuery Query, string AskedBy, IReadOnlyList<SlotApproval> Approvals);

/// <summary>What the power budget says.</summary>
/// <param name="At">When.</param>
/// <param name="Verdict">Free (reserved, where it was asked for), not needed, or refused.</param>
/// <param name="Reasons">Why.</param>
/// <param name="Halts">The chain may halt by it, or nobody can tell: two people may let it through.</param>
/// <param name="Slot">The reservation's slot; 0 where none stands.</param>
/// <param name="InForce">Every other reservation.</param>
/// <param name="Text">In a sentence.</param>
public sealed record PowerBudgetReport(DateTimeOffset At, PowerVerdict Verdict, IReadOnlyList<string> Reasons, bool Halts, long Slot, IReadOnlyList<string> InForce, string Text)
{
    /// <summary>Enough independent RPCs showed who signs.</summary>
    public bool Counted { get; init; }
}
