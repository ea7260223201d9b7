using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>Whether a node's state is the chain's.</summary>
public enum Agreement
{
    /// <summary>Nobody could be compared with.</summary>
    Unknown,

    /// <summary>It is, at an equal height.</summary>
    Agrees,

    /// <summary>Its blocks are the chain's, its state after the last of them is not.</summary>
    StateDiffers,

    /// <summary>Its blocks themselves are not the chain's.</summary>
    BlocksDiffer,
}

/// <summary>A node's state held against the others' at equal heights; most of those who have a height say what is right there.</summary>
/// <param name="Verdict">What came of it.</param>
/// <param name="Height">The height of the node's state.</param>
/// <param name="LastGood">The highest height that most agree on and that this node had right; null where that is not known.</param>
/// <param name="Text">For people: who says what, at which height.</param>
public sealed record StateAgreement(Agreement Verdict, long? Height, long? LastGood, string Text)
{
    /// <summary>Compares.</summary>
    /// <param name="seen">What the nodes said.</param>
    /// <param name="subject">The node in doubt.</param>
    /// <param name="own">Its state: as its RPC showed it, or as its stores hold it when it is stopped; null where neither could be read.</param>
    /// <param name="doubted">Others that are in doubt too.</param>
    public static StateAgreement Of(StateComparison seen, string subject, OwnState? own, IReadOnlyCollection<string>? doubted = null)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var view = new ChainView(seen, subject, doubted);
        if (own is null)
        {
            return new(Agreement.Unknown, null, null, "its state could not be read: neither its RPC nor its stores answered");
        }

        if (Fork(seen, view, subject) is { } fork)
        {
            return fork with { Height = own.Height };
        }

        var (expected, who) = view.AppHashAfter(own.Height);
        return expected is null ? new(Agreement.Unknown, own.Height, null, Say($"nobody else can say what the app hash after height {own.Height} is: {view.Silence}"))
            : expected == own.AppHash ? new(Agreement.Agrees, own.Height, own.Height, Say($"its app hash after height {own.Height} is that of {who}"))
            : new(Agreement.StateDiffers, own.Height, own.Height - 1, Say($"its app hash after height {own.Height} is {Short(own.AppHash)}, and {Short(expected)} says {who}; the state before it was right, for it took the block of height {own.Height}"));
    }

    /// <summary>The first height at which its block is not the others'; the state after the one before it is what both have.</summary>
    private static StateAgreement? Fork(StateComparison seen, ChainView view, string subject)
    {
        foreach (var sight in seen.Heights)
        {
            if (sight.Blocks.FirstOrDefault(block => block.Node == subject) is { } own && view.BlockHash(sight.Height) is { Hash: { } hash } most && hash != own.Hash)
            {
                return new(Agreement.BlocksDiffer, null, sight.Height - 1, Say($"its block {sight.Height} is {Short(own.Hash)}, and {Short(hash)} says {most.Who}: they part there"));
            }
        }

        return null;
    }

    private static string Short(string hash) => hash[..Math.Min(12, hash.Length)];

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
