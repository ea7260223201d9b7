using System.Net;
using System.Net.Sockets;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Node;

namespace VirtEngine.DR.Simulation.Network;

/// <summary>A network of small nodes in one folder: the files only. Who starts and stops the processes is the caller's affair.</summary>
/// <param name="ChainId">The chain's id.</param>
/// <param name="Folder">The folder of all homes.</param>
/// <param name="Nodes">Validators first.</param>
public sealed record MiniNetwork(string ChainId, string Folder, IReadOnlyList<MiniNode> Nodes)
{
    /// <summary>The node of that name.</summary>
    public MiniNode this[string name] => Nodes.Single(node => node.Name == name);

    /// <summary>Makes every home: keys, genesis, configuration, an empty data folder with a fresh signing state.</summary>
    /// <exception cref="IOException">The folder holds something.</exception>
    public static Task<MiniNetwork> CreateAsync(MiniNetworkOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Validators, 1);
        var folder = Path.GetFullPath(options.Folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"'{folder}' is not empty");
        }

        var count = options.Validators + options.FullNodes;
        var ports = options.BasePort == 0 ? FreePorts(2 * count)
            : [.. Enumerable.Range(0, count).SelectMany(i => new[] { options.BasePort + (10 * i), options.BasePort + (10 * i) + 1 })];
        var nodes = new List<MiniNode>();
        var validators = new List<GenesisValidator>();
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var validator = i < options.Validators;
            var name = validator ? $"validator-{i}" : $"fullnode-{i - options.Validators}";
            var home = Path.Combine(folder, name);
            HomeWriter.Folders(home);
            var key = HomeWriter.ConsensusKey(home);
            nodes.Add(new MiniNode(name, home, validator, HomeWriter.NodeKey(home).Id, ports[2 * i], ports[(2 * i) + 1]));
            if (validator)
            {
                validators.Add(new GenesisValidator(key.Address, key.PubKey, "10", name));
            }
        }

        var genesis = new Genesis(DateTime.UtcNow, options.ChainId, "1", validators, "", new AppState(options.Accounts, options.WritesPerBlock));
        foreach (var node in nodes)
        {
            HomeWriter.Genesis(node.Home, genesis);
            var peers = nodes.Where(other => other != node && (other.Validator || !node.Validator)).Select(other => new Peer(other.NodeId, "127.0.0.1", other.P2pPort));
            HomeWriter.Config(node.Home, node.Name, node.P2pPort, node.RpcPort, peers, options.BlockTime, options.TableBytes);
        }

        return Task.FromResult(new MiniNetwork(options.ChainId, folder, nodes));
    }

    /// <summary>Ports that are free now; all are held until the last is found, so that they differ.</summary>
    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
