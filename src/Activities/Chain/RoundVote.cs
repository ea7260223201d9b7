namespace VirtEngine.DR.Activities.Chain;

/// <summary>A vote of the round that is going on, as a node has it.</summary>
/// <param name="Height">The height that is voted on.</param>
/// <param name="AddressStart">The first twelve hex digits of the validator's consensus address, upper-case: all that a node shows.</param>
/// <param name="At">The vote's own time.</param>
public sealed record RoundVote(long Height, string AddressStart, DateTimeOffset At);
