namespace VirtEngine.DR.Simulation.Network;

/// <summary>A network of small nodes in one folder: the files only. Who starts and stops the processes is the caller's affair.</summary>
/// <param name="ChainId">The chain's id.</param>
/// <param name="Folder">The folder of all homes.</param>
/// <param name="Nodes">Validators first.</param>
public sealed record MiniNetwork(string ChainId, string Folder, IReadOnlyList<MiniNode> Nodes)
{
    /// <summary>Makes every home: keys, genesis, configuration, an empty data folder with a fresh signing state.</summary>
    public static Task<MiniNetwork> CreateAsync(MiniNetworkOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The node of that name.</summary>
    public MiniNode this[string name] => Nodes.Single(node => node.Name == name);
}
