namespace VirtEngine.DR.Activities.Chain;

/// <summary>A node's view of itself.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="NodeId">Its p2p id, lower-case hex: two URLs with one id are one node.</param>
/// <param name="Version">CometBFT's version.</param>
/// <param name="Height">Latest height.</param>
/// <param name="BlockTime">That block's time.</param>
/// <param name="EarliestHeight">Earliest height that it has blocks of.</param>
/// <param name="CatchingUp">False is not health: a halted or isolated node says the same.</param>
/// <param name="VotingPower">Its own key's voting power.</param>
public sealed record ChainStatus(
    string ChainId, string NodeId, string Version, long Height, DateTimeOffset BlockTime, long EarliestHeight, bool CatchingUp, long VotingPower);
