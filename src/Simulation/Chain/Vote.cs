namespace VirtEngine.DR.Simulation.Chain;

/// <summary>A validator's signature over a block.</summary>
/// <param name="Address">The validator's address (upper-case hex).</param>
/// <param name="Signature">64 bytes, made from the key.</param>
/// <param name="Time">When it was signed (UTC).</param>
public sealed record Vote(string Address, byte[] Signature, DateTime Time);
