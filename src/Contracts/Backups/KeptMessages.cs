using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Shows the former data that restores kept on a node's host, or deletes it. Without <see cref="Apply"/> nothing is deleted.</summary>
public sealed record KeptInput
{
    /// <summary>The node.</summary>
    public string Node { get; init; } = "";

    /// <summary>One folder by its name; null means all of them.</summary>
    public string? Folder { get; init; }

    /// <summary>Delete; otherwise it is only said what would be.</summary>
    public bool Apply { get; init; }

    /// <summary>Delete although neither the node is healthy nor a newer backup is proven, and why; null refuses that.</summary>
    public string? WithoutProof { get; init; }

    /// <summary>Who asks.</summary>
    public string? Operator { get; init; }
}

/// <summary>Asks a node's host for what is kept.</summary>
/// <param name="Slice">The node.</param>
public sealed record KeptQuery(NodeSlice Slice);

/// <summary>Deletes one kept folder.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Slice">The node.</param>
/// <param name="Name">The folder's name, as it was listed.</param>
public sealed record KeptDrop(StepKey Key, NodeSlice Slice, string Name);

/// <summary>Former data that a swap kept.</summary>
/// <param name="Name">The folder's name; it is named by a swap's journal.</param>
/// <param name="Folder">Where it is on the node's host.</param>
/// <param name="Bytes">What it holds.</param>
/// <param name="Since">When it was swapped out.</param>
/// <param name="Digest">The manifest that took its place.</param>
/// <param name="Held">Why it may not be deleted now; null where nothing is in the way.</param>
public sealed record KeptFolder(string Name, string Folder, long Bytes, DateTimeOffset Since, string Digest, string? Held);

/// <summary>What is decided about one folder.</summary>
/// <param name="Folder">Which.</param>
/// <param name="Drop">It is deleted (in a dry run: it would be).</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record KeptDecision(KeptFolder Folder, bool Drop, string Reason);

/// <summary>What there was and what was done.</summary>
/// <param name="Node">The node.</param>
/// <param name="DryRun">Nothing was deleted.</param>
/// <param name="Decisions">Folder by folder.</param>
/// <param name="FreedBytes">Deleted.</param>
public sealed record KeptOutcome(string Node, bool DryRun, IReadOnlyList<KeptDecision> Decisions, long FreedBytes);
