namespace VirtEngine.DR.Signing;

/// <summary>A machine that may have been granted an epoch.</summary>
/// <param name="Machine">Its identity.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Why">Why it may.</param>
public sealed record PossibleHolder(string Machine, long Epoch, string Why);
