namespace VirtEngine.DR.Signing;

/// <summary>Which buckets are the register, and which of them count as reachable.</summary>
public static class MembersRules
{
    /// <summary>
    /// The view that the sights make. The newest generation that a majority of its own buckets and (after the first) a majority of the former
    /// one's hold is the register; a bucket of it without members is unreachable, whatever it answers.
    /// </summary>
    /// <param name="signer">The key.</param>
    /// <param name="register">The register's id, pinned by the reader.</param>
    /// <param name="sights">What buckets answered; some may be no members any more.</param>
    public static RegisterView View(SignerName signer, string register, IReadOnlyList<BucketSight> sights)
    {
        var members = Agreed(register, sights);
        var names = members?.Buckets ?? [.. sights.Select(sight => sight.Bucket)];
        return new RegisterView(signer, members, [.. names.Select(name => Judge(register, name, sights.FirstOrDefault(sight => sight.Bucket == name)))]);
    }

    /// <summary>The members that a majority agrees on; null when none does.</summary>
    public static RegisterMembers? Agreed(string register, IReadOnlyList<BucketSight> sights)
    {
        var known = sights.Where(sight => sight.Members?.Register == register).ToList();
        foreach (var newest in known.Select(sight => sight.Members!).OrderByDescending(members => members.Generation))
        {
            var digest = SlotBytes.Digest(SlotBytes.Write(newest));
            bool Holds(string bucket) => known.Exists(sight => sight.Bucket == bucket && SlotBytes.Digest(SlotBytes.Write(sight.Members!)) == digest);
            if (newest.Buckets.Count(Holds) >= newest.Majority && (newest.Generation == 1 || newest.Former.Count(Holds) >= (newest.Former.Count / 2) + 1))
            {
                return newest;
            }
        }

        return null;
    }

    private static BucketView Judge(string register, string name, BucketSight? sight) => sight switch
    {
        null => new BucketView(name, null, "it is not configured here"),
        { Slots: null } => new BucketView(name, null, sight.Why ?? "it did not answer in full"),
        { Members: null } => new BucketView(name, null, "it holds no members: an empty or replaced bucket is never counted; the register must be repaired"),
        { Members: { } held } when held.Register != register => new BucketView(name, null, $"it belongs to the register '{held.Register}' and not to '{register}'"),
        _ => new BucketView(name, sight.Slots),
    };
}
