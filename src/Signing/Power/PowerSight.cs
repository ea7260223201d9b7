namespace VirtEngine.DR.Signing;

/// <summary>A validator as one RPC shows it.</summary>
/// <param name="Address">Its consensus address.</param>
/// <param name="Power">Its voting power.</param>
/// <param name="LastSigned">The highest of the commits that were looked at which holds its vote, for the block or for none; null when none does.</param>
public sealed record ValidatorSight(string Address, long Power, long? LastSigned);

/// <summary>Who signs, as one RPC shows it.</summary>
/// <param name="Source">Whose RPC: two of one source are one.</param>
/// <param name="Height">The newest commit that was looked at; the RPC's own newest is left out, it misses late votes.</param>
/// <param name="Fresh">Its newest block is recent by its own time.</param>
/// <param name="Validators">The whole set.</param>
public sealed record PowerSight(string Source, long Height, bool Fresh, IReadOnlyList<ValidatorSight> Validators);
