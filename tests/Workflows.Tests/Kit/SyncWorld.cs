using System.Collections.Concurrent;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>What state sync and trust anchors find.</summary>
public sealed class SyncWorld
{
    /// <summary>A state sync comes to its end.</summary>
    public bool Works { get; set; } = true;

    /// <summary>It did.</summary>
    public bool Synced { get; set; }

    /// <summary>The settings that stand in <c>config.toml</c>; null: as it was.</summary>
    public StateSyncSettings? Settings { get; set; }

    /// <summary>Why the node's host refuses.</summary>
    public string? Refusal { get; set; }

    /// <summary>The newest snapshot of the sources.</summary>
    public long SnapshotHeight { get; set; } = 1180;

    /// <summary>Its size.</summary>
    public long SnapshotBytes { get; set; } = 1000;

    /// <summary>The newest signed anchor; null: no bucket has one.</summary>
    public TrustAnchor? Anchor { get; set; }

    /// <summary>The hash that the RPCs have.</summary>
    public string Hash { get; set; } = new('A', 64);

    /// <summary>Who says something else.</summary>
    public IReadOnlyList<string> Disagree { get; set; } = [];

    /// <summary>Regions that keep an anchor.</summary>
    public ConcurrentDictionary<string, bool> Kept { get; } = new();
}
