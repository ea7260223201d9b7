namespace VirtEngine.DR.Signing;

/// <summary>What a repair writes into the bucket that replaces a lost one.</summary>
/// <param name="Slots">Each slot.</param>
/// <param name="Members">The next generation.</param>
/// <param name="Missing">Why it may not be done.</param>
public sealed record RepairDecision(IReadOnlyList<SlotObject> Slots, RegisterMembers? Members, IReadOnlyList<string> Missing);

/// <summary>Replacing a bucket of the register.</summary>
public static class RepairRules
{
    /// <summary>
    /// The copy: slots on which all reachable survivors agree, and lost ones, which name every holder that a survivor names, for all others.
    /// A majority of the old members must answer. The new bucket has another name than any before: late writes to the old one reach nobody.
    /// </summary>
    public static RepairDecision Decide(RegisterView view, string lost, string replacement, IReadOnlyList<SlotApproval> approvals)
    {
        var missing = new List<string>();
        var survivors = view.Buckets.Where(bucket => bucket.Bucket != lost && bucket.Reachable).ToList();
        if (view.Members is null || survivors.Count < view.Majority)
        {
            missing.Add($"{survivors.Count} of {view.Buckets.Count} buckets survive and answer; {view.Majority} are needed to copy from");
        }

        if (view.Buckets.All(bucket => bucket.Bucket != lost))
        {
            missing.Add($"bucket '{lost}' is no member; members are {string.Join(", ", view.Buckets.Select(bucket => bucket.Bucket))}");
        }

        if (view.Buckets.Any(bucket => bucket.Bucket == replacement) || (view.Members?.Former.Contains(replacement) ?? false))
        {
            missing.Add($"bucket '{replacement}' is or was a member: a replacement is a new, empty bucket, which no late write can reach");
        }

        if (approvals.Count == 0)
        {
            missing.Add("a repair of the register needs an approval");
        }

        var slots = new List<SlotObject>();
        for (long epoch = 1; missing.Count == 0 && epoch <= view.HighestFilled; epoch++)
        {
            var held = survivors.ConvertAll(bucket => bucket.At(epoch));
            var same = held.TrueForAll(slot => slot is not null && slot.Object.Kind != SlotKind.Lost && slot.Digest == held[0]!.Digest);
            slots.Add(same ? held[0]!.Object : SlotObject.LostOf(view.Signer, view.Members!.Register, epoch,
                held.OfType<Slot>().SelectMany(slot => slot.Object.Holder is { } holder ? [holder, .. slot.Object.OfflineAllowed] : slot.Object.Candidates)));
        }

        return new RepairDecision(slots, missing.Count > 0 ? null : view.Members! with
        {
            Generation = view.Members.Generation + 1,
            Former = view.Members.Buckets,
            Buckets = [.. view.Members.Buckets.Select(bucket => bucket == lost ? replacement : bucket)],
        }, missing);
    }
}
