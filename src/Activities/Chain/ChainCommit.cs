namespace VirtEngine.DR.Activities.Chain;

/// <summary>Who signed a block.</summary>
/// <param name="Height">The height.</param>
/// <param name="Canonical">False: the node's own view of the newest block.</param>
/// <param name="Signers">Consensus addresses that voted for the block, upper-case hex.</param>
public sealed record ChainCommit(long Height, bool Canonical, IReadOnlyList<string> Signers)
{
    /// <summary>Consensus addresses that signed a vote for no block: a signature all the same, where a second signer is looked for.</summary>
    public IReadOnlyList<string> NilVoters { get; init; } = [];

    /// <summary>The round in which it was committed.</summary>
    public int Round { get; init; }

    /// <summary>The signatures by consensus address, base64.</summary>
    public IReadOnlyDictionary<string, string> Signatures { get; init; } = new Dictionary<string, string>();
}
