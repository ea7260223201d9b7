using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Node;

namespace VirtEngine.DR.Simulation.Rpc;

/// <summary>The RPC methods that disaster recovery asks.</summary>
/// <param name="node">The node.</param>
internal sealed class RpcMethods(FullNode node)
{
    public Action<Utf8JsonWriter, IReadOnlyDictionary<string, string>>? Find(string method) => method switch
    {
        "health" => static (json, _) => { json.WriteStartObject(); json.WriteEndObject(); }
        ,
        "status" => (json, _) => StatusWriter.Write(json, node),
        "block" => (json, parameters) => HeaderWriter.Block(json, At(parameters).Block, Before(parameters)),
        "header" => (json, parameters) => { json.WriteStartObject(); json.WritePropertyName("header"); HeaderWriter.Header(json, At(parameters).Block); json.WriteEndObject(); }
        ,
        "commit" => (json, parameters) => HeaderWriter.Commit(json, At(parameters), node.Genesis, node.State.Height),
        "validators" => Validators,
        "net_info" => NetInfo,
        "genesis" => (json, _) => { json.WriteStartObject(); json.WritePropertyName("genesis"); JsonSerializer.Serialize(json, node.Genesis, ChainJson.Default.Genesis); json.WriteEndObject(); }
        ,
        "abci_info" => AbciInfo,
        "consensus_state" => ConsensusState,
        _ => null,
    };

    private SignedBlock At(IReadOnlyDictionary<string, string> parameters)
    {
        var newest = node.State.Height;
        var height = newest;
        if (parameters.GetValueOrDefault("height") is { Length: > 0 } text && !long.TryParse(text, CultureInfo.InvariantCulture, out height))
        {
            throw RpcError.Invalid($"error converting http params to arguments: '{text}' is no height");
        }

        return height > newest ? throw RpcError.Internal($"height {height} must be less than or equal to the current blockchain height {newest}")
            : height <= 0 ? throw RpcError.Internal($"height must be greater than 0, but got {height}")
            : node.State.Blocks.Get(height) ?? throw RpcError.Internal($"could not find block at height {height}");
    }

    private SignedBlock? Before(IReadOnlyDictionary<string, string> parameters) => node.State.Blocks.Get(At(parameters).Block.Height - 1);

    private void Validators(Utf8JsonWriter json, IReadOnlyDictionary<string, string> parameters)
    {
        var perPage = Math.Clamp(Number("per_page", 30), 1, 100);
        var total = node.Genesis.Validators.Count;
        var page = Number("page", 1);
        var pages = Math.Max(1, (total + perPage - 1) / perPage);
        if (page < 1 || page > pages)
        {
            throw RpcError.Internal($"page should be within [1, {pages}] range, given {page}");
        }

        var height = parameters.ContainsKey("height") ? At(parameters).Block.Height : node.State.Height;
        var shown = node.Genesis.Validators.Skip((page - 1) * perPage).Take(perPage).ToList();
        json.WriteStartObject();
        json.WriteString("block_height", RpcServer.Text(height));
        json.WriteStartArray("validators");
        foreach (var validator in shown)
        {
            json.WriteStartObject();
            json.WriteString("address", validator.Address);
            HeaderWriter.Key(json, "pub_key", validator.PubKey);
            json.WriteString("voting_power", validator.Power);
            json.WriteString("proposer_priority", "0");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("count", RpcServer.Text(shown.Count));
        json.WriteString("total", RpcServer.Text(total));
        json.WriteEndObject();

        int Number(string name, int fallback) =>
            int.TryParse(parameters.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
    }

    private void NetInfo(Utf8JsonWriter json, IReadOnlyDictionary<string, string> parameters)
    {
        var connected = node.Connected;
        json.WriteStartObject();
        json.WriteBoolean("listening", true);
        json.WriteStartArray("listeners");
        json.WriteStringValue($"Listener(@{node.Config.P2pHost}:{node.Config.P2pPort})");
        json.WriteEndArray();
        json.WriteString("n_peers", RpcServer.Text(connected.Count));
        json.WriteStartArray("peers");
        foreach (var id in connected)
        {
            var client = node.Peers.FirstOrDefault(peer => peer.Peer.Id == id);
            json.WriteStartObject();
            json.WriteStartObject("node_info");
            json.WriteString("id", id);
            json.WriteString("moniker", client?.Status?.Moniker ?? "");
            json.WriteString("network", node.Genesis.ChainId);
            json.WriteEndObject();
            json.WriteBoolean("is_outbound", client is not null);
            json.WriteString("remote_ip", client?.Peer.Host ?? "127.0.0.1");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void AbciInfo(Utf8JsonWriter json, IReadOnlyDictionary<string, string> parameters)
    {
        json.WriteStartObject();
        json.WriteStartObject("response");
        json.WriteString("data", "minichain");
        json.WriteString("version", NodeProgram.Version);
        json.WriteString("last_block_height", RpcServer.Text(node.State.Application.Height));
        json.WriteBase64String("last_block_app_hash", Convert.FromHexString(node.State.Application.Hash));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void ConsensusState(Utf8JsonWriter json, IReadOnlyDictionary<string, string> parameters)
    {
        var pending = node.Pending is { } waiting && waiting.Block.Height == node.State.Height + 1 ? waiting : ((Block Block, int Votes)?)null;
        json.WriteStartObject();
        json.WriteStartObject("round_state");
        json.WriteString("height/round/step", $"{node.State.Height + 1}/0/{(pending is null ? 1 : 6)}");
        json.WriteString("start_time", DateTime.UtcNow);
        json.WriteString("proposal_block_hash", pending?.Block.Hash ?? "");
        json.WriteString("locked_block_hash", "");
        json.WriteString("valid_block_hash", "");
        json.WriteStartArray("height_vote_set");
        json.WriteStartObject();
        json.WriteNumber("round", 0);
        json.WriteString("precommits_bit_array", $"BA{{{node.Genesis.Validators.Count}:{pending?.Votes ?? 0}}}");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
