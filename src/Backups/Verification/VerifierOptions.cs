namespace VirtEngine.DR.Backups.Verification;

/// <summary>How backups are verified.</summary>
/// <param name="Verifier">Who: a host or a run id, recorded.</param>
/// <param name="ScratchFolder">Where the third rung rebuilds the files; emptied afterwards. Null: only rungs 1 and 2.</param>
/// <param name="Parallelism">Objects in flight at once.</param>
/// <param name="SampleShare">Share of objects that the second rung reads, 0 to 1; which ones rotates with the time.</param>
/// <param name="IndexFolder">A known-tables index there is cleared for the node when a rung fails.</param>
public sealed record VerifierOptions(string Verifier, string? ScratchFolder = null, int Parallelism = 4, double SampleShare = 1, string? IndexFolder = null);
