namespace VirtEngine.DR.Signing;

/// <summary>What became of a machine's next key.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Generation">The key's generation.</param>
/// <param name="Words">What is missing.</param>
public sealed record RekeyResult(EnrolmentEnd End, int Generation, IReadOnlyList<string> Words);
