using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Evidence;

/// <summary>What evidence of a stopped node shall hold.</summary>
/// <param name="Layout">The node's folders.</param>
/// <param name="Logs">Files of its log, absolute.</param>
/// <param name="Notes">Small documents about the copy, by name.</param>
public sealed record EvidenceRequest(NodeLayout Layout, IReadOnlyList<string> Logs, IReadOnlyDictionary<string, byte[]> Notes)
{
    /// <summary>Further files outside the home that belong to it: a remote signer's state. None of them may hold a key.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Of a longer log its end is taken.</summary>
    public long LargestLog { get; init; } = 256L << 20;
}
