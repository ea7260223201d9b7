using System.Globalization;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>A node's home with the files that <c>estate init</c> reads.</summary>
internal static class FakeHome
{
    public const string PublicKey = "x7T1dYQ0BEnBgl3zIpUXUWcNZDhnGqOvn3VzXm6aXqs=";
    public const string PrivateMark = "ThisIsThePrivateHalfAndMustNeverBeSeenAnywhere==";

    public static string Write(TempFolder folder, int rpcPort = 26657, bool inGenesis = false, string remoteSigner = "", string appBackend = "", string moniker = "full node 0")
    {
        folder.Write("home/config/config.toml", $"""
            moniker = "{moniker}"
            db_backend = "goleveldb"
            genesis_file = "config/genesis.json"
            priv_validator_key_file = "config/priv_validator_key.json"
            priv_validator_laddr = "{remoteSigner}"

            [rpc]
            laddr = "tcp://0.0.0.0:{rpcPort.ToString(CultureInfo.InvariantCulture)}"

            [consensus]
            wal_file = "data/cs.wal/wal"
            """);
        folder.Write("home/config/app.toml", $"""
            app-db-backend = "{appBackend}"

            [state-sync]
            snapshot-interval = 1000
            """);
        folder.Write("home/config/genesis.json", $$"""
            { "app_state": { "chain_id": "wrong-one" }, "chain_id": "virtengine-1",
              "validators": [ { "pub_key": { "type": "tendermint/PubKeyEd25519", "value": "{{(inGenesis ? PublicKey : "other")}}" } } ] }
            """);
        folder.Write("home/config/priv_validator_key.json", $$"""
            { "address": "AB", "pub_key": { "type": "tendermint/PubKeyEd25519", "value": "{{PublicKey}}" },
              "priv_key": { "type": "tendermint/PrivKeyEd25519", "value": "{{PrivateMark}}" } }
            """);
        return Path.Combine(folder.Path, "home");
    }

    public const string Unit = """
        # /etc/systemd/system/virtengine.service
        [Unit]
        Description=VirtEngine node

        [Service]
        User=virtengine
        Environment="DAEMON_NAME=virtengine" DAEMON_HOME=/opt/other
        ExecStart=/usr/local/bin/virtengine start \
          --home {home} --log_format json
        Restart=on-failure

        # /etc/systemd/system/virtengine.service.d/limits.conf
        [Service]
        LimitNOFILE=65535
        """;
}
