namespace VirtEngine.DR.Signing;

/// <summary>Asks to take a validator's power away for a while.</summary>
/// <param name="Address">The validator's consensus address.</param>
/// <param name="AskId">Random, of this ask; the same again is the same ask.</param>
/// <param name="Approvals">Who approved what; <see cref="PowerRules.HaltApproval"/> of two people lets it through where the chain may halt.</param>
public sealed record PowerAsk(string Address, string AskId, IReadOnlyList<SlotApproval> Approvals);

/// <summary>What comes of an ask.</summary>
public enum PowerVerdict
{
    /// <summary>The power may be reserved; or it is, and the act may begin.</summary>
    Free,

    /// <summary>The validator does not sign: touching it takes no power away.</summary>
    NotNeeded,

    /// <summary>No.</summary>
    Refused,
}

/// <summary>A judgement of an ask.</summary>
/// <param name="Verdict">What.</param>
/// <param name="Reasons">Why, in words.</param>
/// <param name="Waits">It may come by itself within some blocks: every reservation in the way has ended, and its validator signs.</param>
/// <param name="Halts">The chain may halt by it, or nobody can tell: it is not only that somebody else is first.</param>
public sealed record PowerDecision(PowerVerdict Verdict, IReadOnlyList<string> Reasons, bool Waits = false, bool Halts = false);
