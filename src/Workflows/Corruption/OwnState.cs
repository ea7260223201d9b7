namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The state that a node itself has come to.</summary>
/// <param name="Height">The height after which it stands.</param>
/// <param name="AppHash">Its app hash there, upper-case hex.</param>
public sealed record OwnState(long Height, string AppHash);
