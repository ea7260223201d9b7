namespace VirtEngine.DR.Simulation.Node;

/// <summary>The node must not go on: its state is not the chain's, or its databases are not of one instant.</summary>
/// <param name="message">What differs, at which height.</param>
public sealed class NodeHaltException(string message) : Exception(message);
