namespace VirtEngine.DR.Contracts.Chain;

/// <summary>What a look at a node's health found, as codes that decisions are made from; the reasons beside them are for people.</summary>
public static class HealthFindings
{
    /// <summary>The node's RPC does not answer.</summary>
    public const string Silent = "silent";

    /// <summary>Its RPC is of another chain.</summary>
    public const string WrongChain = "wrong-chain";

    /// <summary>It says itself that it is catching up.</summary>
    public const string CatchingUp = "catching-up";

    /// <summary>Its height did not move while it was looked at.</summary>
    public const string Standing = "standing";

    /// <summary>Its latest block is too old.</summary>
    public const string OldBlock = "old-block";

    /// <summary>It is further behind its references than the chain allows.</summary>
    public const string Behind = "behind";

    /// <summary>It has no peers.</summary>
    public const string Alone = "alone";

    /// <summary>Its app hash is not that of a reference at the same height.</summary>
    public const string AppHashDiffers = "app-hash-differs";

    /// <summary>No independent reference answered.</summary>
    public const string NoReference = "no-reference";

    /// <summary>The newest block of every reference that answered is too old: the chain stands, not this node.</summary>
    public const string ChainStands = "chain-stands";

    /// <summary>It answers, and not as a healthy one does: another status, or another value in the field that is looked at.</summary>
    public const string BadAnswer = "bad-answer";

    /// <summary>It answers with a certificate that is not believed: it may be somebody else.</summary>
    public const string Untrusted = "untrusted";

    /// <summary>What it shows is old: a time in its answer, or its newest sample.</summary>
    public const string Stale = "stale";
}
