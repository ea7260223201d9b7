namespace VirtEngine.DR.Signing;

/// <summary>What one RPC shows of a chain and an address.</summary>
/// <param name="Source">Whose RPC: two of one source are one.</param>
/// <param name="Height">Its newest height.</param>
/// <param name="Fresh">Its newest block is recent by its own time.</param>
/// <param name="LastSigned">The highest height whose commit holds a signature of the address, among those that it was asked for; null when none does.</param>
/// <param name="LookedFrom">The lowest height that was looked at.</param>
public sealed record RpcSight(string Source, long Height, bool Fresh, long? LastSigned, long LookedFrom);
