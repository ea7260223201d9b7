namespace VirtEngine.DR.Starter.Demo;

/// <summary>One thing that was shown.</summary>
/// <param name="What">The claim.</param>
/// <param name="Holds">Whether it was seen.</param>
/// <param name="Seen">What was seen.</param>
internal sealed record DemoProof(string What, bool Holds, string Seen);
