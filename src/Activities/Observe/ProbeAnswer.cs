namespace VirtEngine.DR.Activities.Observe;

/// <summary>What was answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record ProbeAnswer(int Status, ReadOnlyMemory<byte> Body);
