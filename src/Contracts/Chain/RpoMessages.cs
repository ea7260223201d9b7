using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Whose blocks are counted.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="FullNodes">The full and archive nodes.</param>
/// <param name="BlockTime">The usual time between blocks: what a region does not have two of them after the tip was seen, it does not hold.</param>
public sealed record RpoQuery(string ChainId, IReadOnlyList<FullNodeRpc> FullNodes, TimeSpan BlockTime);

/// <summary>What the full nodes hold of the chain.</summary>
/// <param name="At">When.</param>
/// <param name="Tip">The highest committed height that any of them showed first; null when nobody answered.</param>
/// <param name="TipTime">The time of that block.</param>
/// <param name="Nodes">Each of them.</param>
public sealed record Holdings(DateTimeOffset At, long? Tip, DateTimeOffset? TipTime, IReadOnlyList<Holding> Nodes);

/// <summary>What one full node holds.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Height">Its height; null when it did not answer.</param>
/// <param name="Synced">It says that it has caught up.</param>
/// <param name="Blocks">The blocks that were asked for and that it has.</param>
/// <param name="Problem">Why it does not count; null where it does.</param>
public sealed record Holding(string Node, string Region, long? Height, bool Synced, IReadOnlyList<HeldBlock> Blocks, string? Problem);

/// <summary>A block that a node has.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash, upper-case hex.</param>
/// <param name="Time">Its time.</param>
public sealed record HeldBlock(long Height, string Hash, DateTimeOffset Time);

/// <summary>Whose backups are looked for.</summary>
/// <param name="Slice">For the buckets and the trusted keys.</param>
/// <param name="Nodes">The nodes.</param>
public sealed record BackupAgeQuery(NodeSlice Slice, IReadOnlyList<string> Nodes);

/// <summary>The newest proven backup of a node's chain state.</summary>
/// <param name="Node">The node.</param>
/// <param name="Id">The backup; null where there is none.</param>
/// <param name="Height">Its height.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="Rung">The highest rung that passed.</param>
/// <param name="Problem">Why there is none, or none that could be found; null where there is one.</param>
public sealed record BackupAge(string Node, string? Id, long? Height, DateTimeOffset? TakenAt, int Rung, string? Problem);
