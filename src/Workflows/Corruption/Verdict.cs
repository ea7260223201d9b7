using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>What is corrupt, and what is done about it.</summary>
public enum CorruptionClass
{
    /// <summary>Not enough was seen to say.</summary>
    Unknown,

    /// <summary>Nothing that was looked at is corrupt.</summary>
    None,

    /// <summary>The state after the node's last height is wrong, its blocks are right: one height back, and executed again.</summary>
    StateOffByOne,

    /// <summary>The state is wrong further back than one height, or its blocks are not the chain's.</summary>
    StateDiverged,

    /// <summary>Databases are torn.</summary>
    TornStores,

    /// <summary>The configuration is damaged.</summary>
    Configuration,

    /// <summary>The node runs another version than the others.</summary>
    WrongBinary,

    /// <summary>The chain itself stands, or its nodes contradict each other: nothing on this node mends that.</summary>
    ChainWide,

    /// <summary>A planned upgrade's height.</summary>
    UpgradeHalt,

    /// <summary>Its disk is full.</summary>
    NoSpace,

    /// <summary>Its own key signed elsewhere.</summary>
    TwoSigners,
}

/// <summary>The diagnosis: what was found, by which evidence, what may be done, in which order.</summary>
/// <param name="Found">What is corrupt.</param>
/// <param name="Evidence">What it was read from.</param>
/// <param name="Why">Why just this is done, or what a person must do where nothing is.</param>
public sealed record Verdict(CorruptionClass Found, string Evidence, string Why)
{
    /// <summary>See <see cref="Contracts.Nodes.Recoveries"/>; empty where nothing here helps.</summary>
    public IReadOnlyList<string> Recoveries { get; init; } = [];

    /// <summary>For a rollback: the height that the state goes back to.</summary>
    public long? RollbackTo { get; init; }

    /// <summary>The node stands at <see cref="RollbackTo"/> already: it is only started.</summary>
    public bool NothingUndone { get; init; }

    /// <summary>For a rollback: the blocks go too. Plain, the last block stays and is executed again.</summary>
    public bool Hard { get; init; }

    /// <summary>The highest height that is known to be good; a restore takes a backup at or below it. Null: not known.</summary>
    public long? GoodHeight { get; init; }

    /// <summary>A run can do nothing, and a person must.</summary>
    public bool Helpless => Recoveries.Count == 0;
}
