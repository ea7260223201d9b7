namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Who signs, by the voting power of the newest blocks that several nodes hold.</summary>
/// <param name="At">When.</param>
/// <param name="Height">The newest height that was counted; null when nobody answered.</param>
/// <param name="Total">The set's voting power.</param>
/// <param name="Signing">The power of those that signed at least one of the blocks that were counted.</param>
/// <param name="Absent">The others.</param>
/// <param name="Window">How long a validator may be away; null where the chain does not say.</param>
/// <param name="Unknowns">What could not be found out.</param>
public sealed record PowerReport(
    DateTimeOffset At, long? Height, long Total, long Signing, IReadOnlyList<AbsentValidator> Absent, SigningWindow? Window, IReadOnlyList<string> Unknowns);

/// <summary>A validator that signed none of the blocks that were counted.</summary>
/// <param name="Address">Its consensus address, upper-case hex.</param>
/// <param name="Power">Its voting power.</param>
public sealed record AbsentValidator(string Address, long Power);

/// <summary>The slashing module's parameters for absence.</summary>
/// <param name="Blocks">The window's length in blocks.</param>
/// <param name="MayMiss">How many of them a validator may miss before it is jailed.</param>
/// <param name="JailedFor">How long a jail lasts at least.</param>
public sealed record SigningWindow(long Blocks, long MayMiss, TimeSpan JailedFor);
