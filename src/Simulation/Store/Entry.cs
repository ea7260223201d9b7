namespace VirtEngine.DR.Simulation.Store;

/// <summary>A key and its value.</summary>
/// <param name="Key">Ordered by its bytes.</param>
/// <param name="Value">Any bytes.</param>
public readonly record struct Entry(byte[] Key, byte[] Value);
