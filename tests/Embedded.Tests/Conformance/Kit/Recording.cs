namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What a scenario showed on a server: outcomes and normalised histories, line by line.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Failure">Why it did not come to its end, or null.</param>
public sealed record Recording(IReadOnlyList<string> Lines, Exception? Failure);
