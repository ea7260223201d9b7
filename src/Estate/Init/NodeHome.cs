using Tomlyn;
using Tomlyn.Model;

namespace VirtEngine.DR.Estates.Init;

/// <summary>What a node's home says about it.</summary>
internal sealed record NodeHome
{
    public required string Home { get; init; }

    public required string ChainId { get; init; }

    public required string Moniker { get; init; }

    /// <summary>As the node's own host reaches it; null when RPC is off.</summary>
    public string? Rpc { get; init; }

    public required string Database { get; init; }

    /// <summary>The key signs elsewhere (<c>priv_validator_laddr</c>).</summary>
    public string? RemoteSigner { get; init; }

    /// <summary>The public half of the consensus key in base64; null when there is no key file.</summary>
    public string? ConsensusPublicKey { get; init; }

    /// <summary>The genesis names the consensus key: as a validator, or in a genesis transaction.</summary>
    public bool InGenesis { get; init; }

    /// <summary><c>[state-sync] snapshot-interval</c> of app.toml in blocks; 0 is off.</summary>
    public long SnapshotInterval { get; init; }

    /// <summary>A <c>wasm</c> folder lies beside <c>data</c>: contracts of the same instant.</summary>
    public bool HasWasm { get; init; }

    /// <exception cref="EstateInitException">It is no node's home.</exception>
    public static NodeHome Read(string home)
    {
        var config = Toml(Path.Combine(home, "config", "config.toml"), required: true)!;
        var app = Toml(Path.Combine(home, "config", "app.toml"), required: false);
        var genesis = Path.Combine(home, Text(config, "genesis_file") ?? "config/genesis.json");
        var key = ConsensusKey.Read(Path.Combine(home, Text(config, "priv_validator_key_file") ?? "config/priv_validator_key.json"));
        var facts = GenesisFacts.Read(genesis, key);
        var database = Text(app, "app-db-backend") is { Length: > 0 } backend ? backend : Text(config, "db_backend");
        return new NodeHome
        {
            Home = home,
            ChainId = facts.ChainId ?? throw new EstateInitException($"{genesis} names no chain_id. Point --home to the home of a node that was set up."),
            Moniker = Text(config, "moniker") ?? "",
            Rpc = RpcUrl(Text(Table(config, "rpc"), "laddr")),
            Database = database is { Length: > 0 } ? database : "goleveldb",
            RemoteSigner = Text(config, "priv_validator_laddr") is { Length: > 0 } remote ? remote : null,
            ConsensusPublicKey = key,
            InGenesis = facts.NamesKey,
            SnapshotInterval = Table(app, "state-sync") is { } sync && sync.TryGetValue("snapshot-interval", out var blocks) && blocks is long n ? n : 0,
            HasWasm = Directory.Exists(Path.Combine(home, "wasm")),
        };
    }

    /// <summary>CometBFT listens on <c>tcp://0.0.0.0:26657</c>; its own host reaches that on loopback.</summary>
    internal static string? RpcUrl(string? listen)
    {
        if (string.IsNullOrEmpty(listen) || listen.StartsWith("unix:", StringComparison.Ordinal))
        {
            return null;
        }

        var address = listen.Contains("://", StringComparison.Ordinal) ? listen[(listen.IndexOf("://", StringComparison.Ordinal) + 3)..] : listen;
        var colon = address.LastIndexOf(':');
        return colon < 0 ? null : $"http://{(address[..colon] is "" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address[..colon])}{address[colon..]}";
    }

    private static TomlTable? Toml(string file, bool required)
    {
        if (!File.Exists(file))
        {
            return required
                ? throw new EstateInitException($"{file} does not exist. Point --home to the home of a node that was set up (it has config/config.toml and config/genesis.json).")
                : null;
        }

        try
        {
            return TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(file));
        }
        catch (TomlException e)
        {
            throw new EstateInitException($"{file} cannot be read: {e.Message}");
        }
    }

    private static TomlTable? Table(TomlTable? table, string key) => table is not null && table.TryGetValue(key, out var value) ? value as TomlTable : null;

    private static string? Text(TomlTable? table, string key) => table is not null && table.TryGetValue(key, out var value) ? value as string : null;
}
