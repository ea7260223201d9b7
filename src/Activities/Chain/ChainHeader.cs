namespace VirtEngine.DR.Activities.Chain;

/// <summary>A block's header, as far as it is compared.</summary>
/// <param name="Height">The height.</param>
/// <param name="Time">The block's time.</param>
/// <param name="AppHash">The app hash after the height before, upper-case hex.</param>
public sealed record ChainHeader(long Height, DateTimeOffset Time, string AppHash)
{
    /// <summary>The hash of the block, upper-case hex: what a light client trusts.</summary>
    public string BlockHash { get; init; } = "";
}
