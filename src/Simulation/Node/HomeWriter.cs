using System.Globalization;
using VirtEngine.DR.Simulation.Chain;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>Writes a node's home with the layout of CometBFT's.</summary>
internal static class HomeWriter
{
    public static void Folders(string home)
    {
        Directory.CreateDirectory(Path.Combine(home, "config"));
        Directory.CreateDirectory(Path.Combine(home, "data"));
    }

    public static NodeKey NodeKey(string home)
    {
        var key = Chain.NodeKey.Create();
        ChainJson.WriteFile(Path.Combine(home, "config", "node_key.json"), key, json => json.NodeKey, secret: true);
        return key;
    }

    public static ConsensusKey ConsensusKey(string home)
    {
        var key = Chain.ConsensusKey.Create();
        ChainJson.WriteFile(Path.Combine(home, "config", "priv_validator_key.json"), key, json => json.ConsensusKey, secret: true);
        ChainJson.WriteFile(Path.Combine(home, "data", "priv_validator_state.json"), SigningState.Zero, json => json.SigningState);
        return key;
    }

    public static void Genesis(string home, Genesis genesis) =>
        ChainJson.WriteFile(Path.Combine(home, "config", "genesis.json"), genesis, json => json.Genesis);

    public static void Config(string home, string moniker, int p2pPort, int rpcPort, IEnumerable<Peer> peers, TimeSpan blockTime, int tableBytes)
    {
        File.WriteAllText(Path.Combine(home, "config", "config.toml"), string.Create(CultureInfo.InvariantCulture, $"""
            # The small node reads the keys that are here; the names are CometBFT's.
            proxy_app = "kvstore"
            moniker = "{moniker}"
            db_backend = "goleveldb"
            db_dir = "data"
            genesis_file = "config/genesis.json"
            priv_validator_key_file = "config/priv_validator_key.json"
            priv_validator_state_file = "data/priv_validator_state.json"
            priv_validator_laddr = ""
            node_key_file = "config/node_key.json"

            [rpc]
            laddr = "tcp://127.0.0.1:{rpcPort}"

            [p2p]
            laddr = "tcp://127.0.0.1:{p2pPort}"
            seeds = ""
            persistent_peers = "{string.Join(',', peers)}"

            [statesync]
            enable = false

            [consensus]
            wal_file = "data/cs.wal/wal"
            timeout_commit = "{blockTime.TotalMilliseconds}ms"
            double_sign_check_height = 0

            [tx_index]
            indexer = "kv"

            """));
        File.WriteAllText(Path.Combine(home, "config", "app.toml"), string.Create(CultureInfo.InvariantCulture, $"""
            app-db-backend = "goleveldb"
            pruning = "nothing"
            halt-height = 0

            [state-sync]
            snapshot-interval = 0

            [minichain]
            # A database starts a new table at this size.
            table_bytes = {tableBytes}

            """));
    }
}
