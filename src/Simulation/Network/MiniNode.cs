namespace VirtEngine.DR.Simulation.Network;

/// <summary>One node of a small network.</summary>
/// <param name="Name"><c>validator-0</c> or <c>fullnode-0</c>.</param>
/// <param name="Home">Its home, absolute.</param>
/// <param name="Validator">True for a validator.</param>
/// <param name="NodeId">The p2p id (hex).</param>
/// <param name="P2pPort">The p2p port on 127.0.0.1.</param>
/// <param name="RpcPort">The RPC port on 127.0.0.1.</param>
public sealed record MiniNode(string Name, string Home, bool Validator, string NodeId, int P2pPort, int RpcPort)
{
    /// <summary>The RPC address.</summary>
    public Uri Rpc => new($"http://127.0.0.1:{RpcPort}");

    /// <summary>The command that starts it in the foreground.</summary>
    public IReadOnlyList<string> StartCommand => SimulationProgram.Command("start", "--home", Home);
}
