namespace VirtEngine.DR.Simulation.Chain;

/// <summary>What a peer says of itself.</summary>
/// <param name="Id">Its node id.</param>
/// <param name="Moniker">Its name.</param>
/// <param name="ChainId">Its chain.</param>
/// <param name="Height">Its newest block.</param>
public sealed record PeerStatus(string Id, string Moniker, string ChainId, long Height);
