using System.Globalization;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>What a node reads from <c>config.toml</c> and <c>app.toml</c>; each key can be given as a flag (<c>--rpc.laddr</c>).</summary>
public sealed record NodeConfig(
    string Home, string Moniker, string DatabaseFolder, string WalFile, string KeyFile, string StateFile, string NodeKeyFile, string GenesisFile,
    string RpcHost, int RpcPort, string P2pHost, int P2pPort, IReadOnlyList<Peer> Peers, TimeSpan BlockTime, int TableBytes, long HaltHeight)
{
    /// <summary>Reads the home's files; flags win.</summary>
    /// <exception cref="InvalidDataException">A file is missing or a value is not what its key allows.</exception>
    public static NodeConfig Read(string home, IReadOnlyDictionary<string, string> flags)
    {
        home = Path.GetFullPath(home);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "app.toml", "config.toml" })
        {
            var file = Path.Combine(home, "config", name);
            if (!File.Exists(file))
            {
                throw new InvalidDataException($"'{file}' does not exist: run init first");
            }

            foreach (var (key, value) in Toml.Read(file))
            {
                keys[key] = value;
            }
        }

        foreach (var (key, value) in flags)
        {
            keys[key] = value;
        }

        var (rpcHost, rpcPort) = Address("rpc.laddr", "tcp://127.0.0.1:26657");
        var (p2pHost, p2pPort) = Address("p2p.laddr", "tcp://127.0.0.1:26656");
        return new NodeConfig(
            home, Get("moniker", "node"), InHome("db_dir", "data"), InHome("consensus.wal_file", "data/cs.wal/wal"),
            InHome("priv_validator_key_file", "config/priv_validator_key.json"), InHome("priv_validator_state_file", "data/priv_validator_state.json"),
            InHome("node_key_file", "config/node_key.json"), InHome("genesis_file", "config/genesis.json"), rpcHost, rpcPort, p2pHost, p2pPort,
            Peer.Parse(Get("p2p.persistent_peers", "")), Duration("consensus.timeout_commit", "1s"), (int)Number("minichain.table_bytes", 64 << 10),
            Number("halt-height", 0));

        string Get(string key, string fallback) => keys.GetValueOrDefault(key, fallback);

        string InHome(string key, string fallback) => Path.GetFullPath(Get(key, fallback) is { Length: > 0 } value ? value : fallback, home);

        long Number(string key, long fallback) => !keys.TryGetValue(key, out var text) ? fallback
            : long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Invalid(key, text, "a whole number");

        TimeSpan Duration(string key, string fallback)
        {
            var text = Get(key, fallback);
            var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : (text.TrimEnd('s'), 1000);
            return double.TryParse(digits, CultureInfo.InvariantCulture, out var value) && value >= 0
                ? TimeSpan.FromMilliseconds(value * unit) : throw Invalid(key, text, "a duration such as 200ms or 5s");
        }

        (string Host, int Port) Address(string key, string fallback)
        {
            var text = Get(key, fallback);
            if (text.StartsWith("unix:///", StringComparison.Ordinal))
            {
                return (text["unix://".Length..], 0);
            }

            return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Port >= 0
                ? (uri.Host == "0.0.0.0" ? "0.0.0.0" : uri.Host, uri.Port) : throw Invalid(key, text, "an address such as tcp://127.0.0.1:26657");
        }

        InvalidDataException Invalid(string key, string text, string allowed) => new($"{key} = \"{text}\" in '{home}/config' must be {allowed}");
    }
}
