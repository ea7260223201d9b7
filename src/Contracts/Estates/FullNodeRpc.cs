namespace VirtEngine.DR.Contracts.Estates;

/// <summary>A full or archive node of the estate that can be asked.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Url">Its RPC.</param>
public sealed record FullNodeRpc(string Node, string Region, string Url);
