namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>What is wrong with a node, as RB-DR-001 classes it.</summary>
public enum FailureClass
{
    /// <summary>Not enough was seen to say.</summary>
    Unknown,

    /// <summary>Nothing: it is proven healthy.</summary>
    None,

    /// <summary>Its process is gone, its data is there.</summary>
    Crashed,

    /// <summary>Its data or its whole home is gone.</summary>
    DiskLost,

    /// <summary>It runs and does nothing.</summary>
    Stuck,

    /// <summary>Its databases are torn, or its state is not the chain's.</summary>
    Corrupt,

    /// <summary>Its host does not answer.</summary>
    Unreachable,

    /// <summary>It runs and comes after: nothing to cure, it needs time.</summary>
    CatchingUp,

    /// <summary>A planned upgrade's height: every node halts. No cure, no failover.</summary>
    UpgradeHalt,

    /// <summary>The whole chain stands; this node is not the reason that can be cured here.</summary>
    ChainHalted,

    /// <summary>Its disk is full.</summary>
    NoSpace,

    /// <summary>Two signers: its own log says so.</summary>
    TwoSigners,
}
