namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>What one RPC says about a block.</summary>
/// <param name="Node">Whose RPC.</param>
/// <param name="Hash">The block's hash.</param>
/// <param name="Time">The block's time.</param>
internal sealed record AnchorVote(string Node, string Hash, DateTimeOffset Time);
