namespace VirtEngine.DR.Signing;

/// <summary>A slot that a seal must fill.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Epoch">The slot.</param>
public sealed record EmptySlot(string Bucket, long Epoch);

/// <summary>Whether every slot below an epoch is filled in a majority.</summary>
/// <param name="Empty">What is to be filled with voids, in the reachable buckets.</param>
/// <param name="Missing">Why it does not hold; empty when it does.</param>
public sealed record SealDecision(IReadOnlyList<EmptySlot> Empty, IReadOnlyList<string> Missing)
{
    /// <summary>It holds.</summary>
    public bool Holds => Missing.Count == 0;
}
