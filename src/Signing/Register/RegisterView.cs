namespace VirtEngine.DR.Signing;

/// <summary>The register as one reader saw it: every member, reachable or not.</summary>
/// <param name="Signer">The key.</param>
/// <param name="Members">The members; null when no majority agrees on them.</param>
/// <param name="Buckets">One for each member.</param>
public sealed record RegisterView(SignerName Signer, RegisterMembers? Members, IReadOnlyList<BucketView> Buckets)
{
    /// <summary>How many members make a majority.</summary>
    public int Majority => (Buckets.Count / 2) + 1;

    /// <summary>How many answered.</summary>
    public int Reachable => Buckets.Count(bucket => bucket.Reachable);

    /// <summary>A majority answered, of members that a majority agrees on.</summary>
    public bool Answers => Members is not null && Reachable >= Majority;

    /// <summary>The highest epoch that any reachable member has filled; 0 when none is.</summary>
    public long HighestFilled => Buckets.Where(bucket => bucket.Slots is { Count: > 0 }).Select(bucket => bucket.Slots!.Keys.Max()).DefaultIfEmpty(0).Max();
}
