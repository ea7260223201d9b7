namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>What reached a run of the load.</summary>
/// <param name="Stamps">The results of its activities.</param>
/// <param name="Signals">The signals, in order.</param>
/// <param name="Updates">The updates with their stamps, in order.</param>
public sealed record LoadResult(IReadOnlyList<string> Stamps, IReadOnlyList<string> Signals, IReadOnlyList<string> Updates);
