using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VirtEngine.DR.Activities.Nodes;

namespace VirtEngine.DR.Activities.Backups.Proving;

/// <summary>Makes a scratch home harmless: fresh keys, no peers, no signer, only loopback.</summary>
internal static class ScratchHome
{
    private static readonly string[] Copied = ["config.toml", "app.toml", "client.toml", "genesis.json"];

    /// <summary>Takes the node's configuration and genesis over, and cuts it off from the world.</summary>
    /// <param name="home">The fresh home, made by the binary's own init: its keys stay.</param>
    /// <param name="node">The node's home.</param>
    /// <param name="socket">Where its RPC shall listen when it has a network of its own; null for a port on loopback.</param>
    /// <returns>The RPC of the scratch node.</returns>
    public static Uri Configure(string home, NodeHome node, string? socket = null)
    {
        var config = Path.Combine(home, "config");
        foreach (var name in Copied)
        {
            var source = Path.Combine(node.Path, "config", name);
            if (File.Exists(source))
            {
                File.Copy(source, Path.Combine(config, name), overwrite: true);
            }
        }

        var ports = FreePorts(5);
        TomlFile.Set(Path.Combine(config, "config.toml"), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["priv_validator_laddr"] = "\"\"",
            ["priv_validator_key_file"] = "\"config/priv_validator_key.json\"",
            ["priv_validator_state_file"] = "\"data/priv_validator_state.json\"",
            ["node_key_file"] = "\"config/node_key.json\"",
            ["genesis_file"] = "\"config/genesis.json\"",
            ["proxy_app"] = Loopback(ports[4]),
            ["double_sign_check_height"] = "0",
            ["rpc.laddr"] = socket is null ? Loopback(ports[0]) : $"\"unix://{socket}\"",
            ["rpc.grpc_laddr"] = "\"\"",
            ["rpc.pprof_laddr"] = "\"\"",
            ["p2p.laddr"] = socket is null ? Loopback(ports[1]) : Loopback(ports[1]).Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal),
            ["p2p.external_address"] = "\"\"",
            ["p2p.seeds"] = "\"\"",
            ["p2p.persistent_peers"] = "\"\"",
            ["p2p.unconditional_peer_ids"] = "\"\"",
            ["p2p.pex"] = "false",
            ["p2p.seed_mode"] = "false",
            ["statesync.enable"] = "false",
            ["instrumentation.prometheus"] = "false",
        });
        var app = Path.Combine(config, "app.toml");
        if (File.Exists(app))
        {
            TomlFile.Set(app, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["halt-height"] = "0",
                ["api.enable"] = "false",
                ["grpc.enable"] = "false",
                ["grpc.address"] = string.Create(CultureInfo.InvariantCulture, $"\"127.0.0.1:{ports[2]}\""),
                ["grpc-web.enable"] = "false",
                ["telemetry.enabled"] = "false",
            });
        }

        return new Uri(socket is null ? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}") : "unix://" + socket);
    }

    /// <summary>Puts the restored files in; the fresh signing state stays.</summary>
    public static void MoveIn(string home, string staged, NodeHome node)
    {
        var fresh = Path.Combine(home, "data", "priv_validator_state.json");
        var state = File.Exists(fresh) ? File.ReadAllText(fresh) : """{"height":"0","round":0,"step":0}""";
        foreach (var entry in new DirectoryInfo(staged).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(home, entry.Name);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(entry.FullName, target);
        }

        var data = Path.Combine(home, node.Layout.DatabaseFolder);
        Directory.CreateDirectory(Path.Combine(home, "data"));
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(home, "data", "priv_validator_state.json"), state);
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"\"tcp://127.0.0.1:{port}\"");

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
