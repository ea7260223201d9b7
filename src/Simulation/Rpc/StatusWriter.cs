using System.Text.Json;
using VirtEngine.DR.Simulation.Node;

namespace VirtEngine.DR.Simulation.Rpc;

/// <summary>Writes <c>/status</c>.</summary>
internal static class StatusWriter
{
    public static void Write(Utf8JsonWriter json, FullNode node)
    {
        var newest = node.State.Newest;
        var first = node.State.Blocks.Get(1);
        json.WriteStartObject();
        json.WriteStartObject("node_info");
        json.WriteStartObject("protocol_version");
        json.WriteString("p2p", "8");
        json.WriteString("block", "11");
        json.WriteString("app", "0");
        json.WriteEndObject();
        json.WriteString("id", node.NodeId);
        json.WriteString("listen_addr", $"tcp://{node.Config.P2pHost}:{node.Config.P2pPort}");
        json.WriteString("network", node.Genesis.ChainId);
        json.WriteString("version", NodeProgram.Version);
        json.WriteString("moniker", node.Config.Moniker);
        json.WriteStartObject("other");
        json.WriteString("tx_index", "on");
        json.WriteString("rpc_address", $"tcp://{node.Config.RpcHost}:{node.Config.RpcPort}");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("sync_info");
        json.WriteString("latest_block_hash", newest?.Block.Hash ?? "");
        json.WriteString("latest_app_hash", newest?.Block.AppHash ?? "");
        json.WriteString("latest_block_height", RpcServer.Text(newest?.Block.Height ?? 0));
        json.WriteString("latest_block_time", newest?.Block.Time ?? DateTime.UnixEpoch);
        json.WriteString("earliest_block_hash", first?.Block.Hash ?? "");
        json.WriteString("earliest_app_hash", first?.Block.AppHash ?? "");
        json.WriteString("earliest_block_height", RpcServer.Text(first?.Block.Height ?? 0));
        json.WriteString("earliest_block_time", first?.Block.Time ?? DateTime.UnixEpoch);
        json.WriteBoolean("catching_up", node.CatchingUp);
        json.WriteEndObject();
        json.WriteStartObject("validator_info");
        json.WriteString("address", node.Signer.Key.Address);
        HeaderWriter.Key(json, "pub_key", node.Signer.Key.PubKey);
        json.WriteString("voting_power", RpcServer.Text(node.State.Power(node.Signer.Key.Address)));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
