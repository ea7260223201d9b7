namespace VirtEngine.DR.Simulation.Chain;

/// <summary>A block with the votes that committed it.</summary>
/// <param name="Block">The block.</param>
/// <param name="Votes">More than two thirds of the power.</param>
public sealed record SignedBlock(Block Block, IReadOnlyList<Vote> Votes);
