namespace VirtEngine.DR.Backups.Files;

/// <summary>What a configuration backup shall hold.</summary>
/// <param name="Home">The node's home, absolute.</param>
/// <param name="Paths">Files, folders and globs: absolute, or relative to the home.</param>
/// <param name="Genesis">The genesis document, relative to the home; null for a node without one.</param>
/// <param name="Skip">Files and folders of the home that are no configuration (databases, signing state, our own folder), relative to it.</param>
public sealed record ConfigurationRequest(string Home, IReadOnlyList<string> Paths, string? Genesis, IReadOnlyList<string> Skip);
