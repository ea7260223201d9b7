namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>A line of a node's own log that says what ails it.</summary>
/// <param name="Kind">One of <see cref="Symptoms"/>.</param>
/// <param name="Line">The line, cut to what a person needs.</param>
public sealed record Symptom(string Kind, string Line);

/// <summary>The kinds of symptoms that a node's log shows, since its last start.</summary>
public static class Symptoms
{
    /// <summary>A planned upgrade's height is reached and this binary does not know it: every node halts at once, and no cure is due.</summary>
    public const string UpgradeNeeded = "upgrade-needed";

    /// <summary>The node saw its own key sign something that it did not: two signers.</summary>
    public const string ConflictingVote = "conflicting-vote";

    /// <summary>Its state is not the chain's.</summary>
    public const string AppHash = "app-hash";

    /// <summary>A database is torn.</summary>
    public const string CorruptStore = "corrupt-store";

    /// <summary>The consensus WAL is torn.</summary>
    public const string CorruptWal = "corrupt-wal";

    /// <summary>The process that signs for it, beside it, does not run.</summary>
    public const string SignerGone = "signer-gone";

    /// <summary>Its own host reaches none of the peers that its configuration names: the network between is cut.</summary>
    public const string PeersCut = "peers-cut";

    /// <summary>The disk is full.</summary>
    public const string NoSpace = "no-space";
}
