using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Signers;

/// <summary>A question about the key of a node, asked on its own host.</summary>
/// <param name="Target">The node.</param>
public sealed record SignerQuery(NodeTarget Target)
{
    /// <summary>The key, where the asker knows it; else the host finds it in the estate's words or the node's home.</summary>
    public SignerName? Signer { get; init; }
}

/// <summary>An act about the key of a node, on its own host.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Target">The node.</param>
/// <param name="Signer">The key.</param>
/// <param name="Epoch">The epoch that is asked for.</param>
/// <param name="Nonce">The asker's: an answer to another question proves nothing.</param>
public sealed record SignerAct(StepKey Key, NodeTarget Target, SignerName Signer, long Epoch, string Nonce);

/// <summary>A machine that may hold the key below an epoch.</summary>
/// <param name="Machine">Its identity.</param>
/// <param name="Epoch">The epoch that it may hold.</param>
/// <param name="Why">Why it may.</param>
/// <param name="Node">The node whose host it was when it was enrolled; null when the register does not know the machine.</param>
public sealed record SignerHolder(string Machine, long Epoch, string Why, string? Node);

/// <summary>A key as its host and the register show it.</summary>
public sealed record SignerReport
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why this host has no part in the interlock (no gate, no key); null where it has.</summary>
    public string? NotEnrolled { get; init; }

    /// <summary>The key; null where it could not be found out.</summary>
    public SignerName? Signer { get; init; }

    /// <summary>This machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Unknown, Active, Moving or Unreachable, by the register.</summary>
    public string State { get; init; } = "";

    /// <summary>The epoch that counts; 0 when none is seen to.</summary>
    public long Epoch { get; init; }

    /// <summary>The address was enrolled, whether or not an epoch is seen to count: after a repair that may be unknown.</summary>
    public bool Known { get; init; }

    /// <summary>Its holder.</summary>
    public string? Holder { get; init; }

    /// <summary>By which evidence it was granted.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Everybody who may sign now.</summary>
    public IReadOnlyList<SignerHolder> MaySign { get; init; } = [];

    /// <summary>Each bucket, or why it is out of reach.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>The epoch that a grant would have.</summary>
    public long NextEpoch { get; init; }

    /// <summary>The epoch that is granted to this machine; 0 for none.</summary>
    public long Grant { get; init; }

    /// <summary>Grants below it start nothing here.</summary>
    public long Fence { get; init; }

    /// <summary>Nothing is signed here at or below it.</summary>
    public Hrs Floor { get; init; }

    /// <summary>The HRS file; null where it is missing or not readable.</summary>
    public Hrs? LastSigned { get; init; }

    /// <summary>The alarm that stands on this machine, in words; null when there is none.</summary>
    public string? Alarm { get; init; }

    /// <summary>Why its gate would refuse a start, by what the machine itself knows; empty where it would not.</summary>
    public IReadOnlyList<string> Refuses { get; init; } = [];
}

/// <summary>How far a seal is.</summary>
/// <param name="Missing">Why it does not hold; empty when it does.</param>
/// <param name="Holders">Who may hold the key below the epoch.</param>
public sealed record SealReport(IReadOnlyList<string> Missing, IReadOnlyList<SignerHolder> Holders);

/// <summary>What came of a fence.</summary>
/// <param name="Answer">The machine's signed answer; null when something is missing for one.</param>
/// <param name="Missing">What is missing.</param>
public sealed record FenceReport(FenceAnswer? Answer, IReadOnlyList<string> Missing);

/// <summary>A silence.</summary>
/// <param name="Begin">It was counted from this height on.</param>
/// <param name="ClosedAt">The height at which it closed; null when the chain is halted.</param>
/// <param name="Halted">No independent RPC shows a fresh block.</param>
/// <param name="Text">For people.</param>
public sealed record SilenceReport(long Begin, long? ClosedAt, bool Halted, string Text);

/// <summary>Everything that an asker has collected.</summary>
/// <param name="Act">What is asked for, and for whom.</param>
/// <param name="Answers">The answers of the gates.</param>
/// <param name="Silence">The silence.</param>
/// <param name="Approvals">Who approved what.</param>
/// <param name="AskedBy">The run.</param>
/// <param name="AskId">Random, of this ask.</param>
public sealed record SignerAsk(SignerAct Act, IReadOnlyList<FenceAnswer> Answers, SilenceReport Silence, IReadOnlyList<SlotApproval> Approvals, string AskedBy, string AskId)
{
    /// <summary>Statements of ends other than a fence.</summary>
    public IReadOnlyList<EndStatement> Ended { get; init; } = [];
}

/// <summary>Statements of ends that are to count below an epoch.</summary>
/// <param name="Target">The node on whose host the key is to be held.</param>
/// <param name="Signer">The key.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Ended">The statements.</param>
public sealed record SignerEnds(NodeTarget Target, SignerName Signer, long Epoch, IReadOnlyList<EndStatement> Ended);

/// <summary>What became of statements.</summary>
/// <param name="Missing">What is missing for them to count; empty when all do.</param>
/// <param name="Texts">Each, for people.</param>
public sealed record EndsReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Texts);

/// <summary>A judgement.</summary>
/// <param name="Object">What may be put; null when something is missing.</param>
/// <param name="Missing">What is missing.</param>
public sealed record Judgement(SlotObject? Object, IReadOnlyList<string> Missing);

/// <summary>An object that is to be put.</summary>
/// <param name="Act">The act.</param>
/// <param name="Object">The object.</param>
public sealed record SignerPut(SignerAct Act, SlotObject Object);

/// <summary>What the register holds at an epoch.</summary>
/// <param name="Counts">Our object counts.</param>
/// <param name="Taken">Something else counts there; null when nothing does.</param>
/// <param name="Text">For people.</param>
public sealed record SlotReport(bool Counts, string? Taken, string Text);

/// <summary>Asks for a signature on the chain.</summary>
/// <param name="Target">The node.</param>
/// <param name="Signer">The key.</param>
/// <param name="Above">Above this height.</param>
/// <param name="Within">For so long.</param>
public sealed record SignatureQuery(NodeTarget Target, SignerName Signer, long Above, TimeSpan Within);

/// <summary>A signature on the chain.</summary>
/// <param name="Height">The highest height that holds one.</param>
/// <param name="Sources">Which RPCs show it.</param>
public sealed record SignatureReport(long Height, IReadOnlyList<string> Sources);
