namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Forensic copies: what a runbook preserves of a broken node before it changes anything.</summary>
/// <param name="Bucket">Their own bucket, write-once.</param>
public sealed record ForensicsSpec(BucketSpec Bucket);
