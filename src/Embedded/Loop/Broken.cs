namespace VirtEngine.DR.Embedded.Loop;

/// <summary>A request that broke in the middle.</summary>
/// <param name="Cause">Why.</param>
/// <param name="FirstReply">Where its own answers begin among those of its batch.</param>
internal sealed record Broken(Exception Cause, int FirstReply);
