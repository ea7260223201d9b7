namespace VirtEngine.DR.Signing;

/// <summary>What one bucket answered, before it is judged.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Members">The newest members that it holds; null when it holds none.</param>
/// <param name="Slots">All slots of the signer; null when it did not answer in full (a refusal, an error, a partial listing).</param>
/// <param name="Why">Why it did not.</param>
public sealed record BucketSight(string Bucket, RegisterMembers? Members, IReadOnlyDictionary<long, Slot>? Slots, string? Why = null);
