namespace VirtEngine.DR.Signing;

/// <summary>A member of the register, judged.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Slots">Its slots; null when it is unreachable, which is never taken for empty.</param>
/// <param name="Why">Why it is unreachable.</param>
public sealed record BucketView(string Bucket, IReadOnlyDictionary<long, Slot>? Slots, string? Why = null)
{
    /// <summary>It answered.</summary>
    public bool Reachable => Slots is not null;

    /// <summary>What it holds at an epoch; null when empty or unreachable.</summary>
    public Slot? At(long epoch) => Slots is not null && Slots.TryGetValue(epoch, out var slot) ? slot : null;
}
