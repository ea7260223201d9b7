namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What happens between two states.</summary>
internal enum Act : byte
{
    AskStarts, VoidLands, SealHolds, FenceAdopted, EndNoted, AskPuts, ObjectLands, GrantRead, GrantRecorded, GateDecides, SignerStarts, SignerEnds,
    Reboots, Signs, BreakGlass, Destroyed, KeyDisabled, BucketLost, RepairCopies, RepairCommits, DiskCopied, DiskRolledBack, DiskCloned,
}

/// <summary>One step, small enough to be kept for every state.</summary>
/// <param name="Act">What.</param>
/// <param name="A">Its first number.</param>
/// <param name="B">Its second.</param>
/// <param name="C">Its third.</param>
internal readonly record struct Step(Act Act, byte A = 0, byte B = 0, byte C = 0)
{
    /// <summary>In words, with the world after it.</summary>
    public string Tell(World after, Objects objects) => Act switch
    {
        Act.AskStarts => $"asker {A} asks for epoch {B} for {Objects.Machine(C)}",
        Act.VoidLands => $"a void lands in a bucket at epoch {B}",
        Act.SealHolds => $"asker {A} finds its seal to hold in buckets {Subset(B)}; must end: {Mask(C)}",
        Act.FenceAdopted => $"{Objects.Machine(A)} writes fence {B}",
        Act.EndNoted => $"asker {A} takes {Objects.Machine(B)} for ended ({(EndKind)C})",
        Act.AskPuts => $"asker {A} sends its object for epoch {after.Asks[A].Epoch} ({Objects.Machine(after.Asks[A].Target)}, floor {after.Asks[A].Floor}) to every bucket",
        Act.ObjectLands => $"asker {A}'s object lands in a bucket at epoch {after.Asks[A].Epoch}",
        Act.GrantRead => $"{Objects.Machine(A)} reads buckets {Subset(C)} and finds its grant of epoch {objects.EpochOf(after, B)}",
        Act.GrantRecorded => $"{Objects.Machine(A)} records the grant of epoch {B}",
        Act.GateDecides => $"the gate of {Objects.Machine(A)} decides to start{(B == 255 ? " (same boot)" : $" (first start after a boot; buckets in reach: {Subset(B)}; RPCs: {(C == 1 ? "two" : "none")})")}",
        Act.SignerStarts => $"{Objects.Machine(A)} has the key: the gate becomes the signer",
        Act.SignerEnds => $"the process of {Objects.Machine(A)} ends (stopped or crashed)",
        Act.Reboots => $"{Objects.Machine(A)} reboots",
        Act.Signs => $"{Objects.Machine(A)} signs height {after.LastSigned}",
        Act.BreakGlass => $"break glass: {Objects.Machine(A)} starts offline",
        Act.Destroyed => $"{Objects.Machine(A)} is destroyed",
        Act.KeyDisabled => "the key is disabled in the HSM",
        Act.BucketLost => "a bucket loses everything",
        Act.RepairCopies => "a repair fills a new bucket from the survivors",
        Act.RepairCommits => "the repair commits: generation 2",
        Act.DiskCopied => $"the disk of {Objects.Machine(A)} is copied",
        Act.DiskRolledBack => $"the disk of {Objects.Machine(A)} is rolled back to the copy (it reboots)",
        Act.DiskCloned => $"the copy is put into {Objects.Machine(A)} (it reboots)",
        _ => Act.ToString(),
    };

    private static string Subset(int mask) => mask == 0 ? "none" : string.Concat(Enumerable.Range(0, World.Buckets).Where(b => (mask >> b & 1) != 0).Select(b => (char)('a' + b)));

    private static string Mask(int mask) => mask == 0 ? "nobody" : string.Join(", ", Enumerable.Range(0, 3).Where(m => (mask >> m & 1) != 0).Select(Objects.Machine));
}
