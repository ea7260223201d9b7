using System.Text.Json;
using VirtEngine.DR.Simulation.Chain;

namespace VirtEngine.DR.Simulation.Rpc;

/// <summary>Writes blocks, headers and commits.</summary>
internal static class HeaderWriter
{
    public static void Block(Utf8JsonWriter json, Block block, SignedBlock? before)
    {
        json.WriteStartObject();
        BlockId(json, "block_id", block.Hash);
        json.WriteStartObject("block");
        json.WritePropertyName("header");
        Header(json, block);
        json.WriteStartObject("data");
        json.WriteStartArray("txs");
        foreach (var tx in block.Txs)
        {
            json.WriteBase64StringValue(tx);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("evidence");
        json.WriteStartArray("evidence");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WritePropertyName("last_commit");
        Votes(json, before, before?.Votes.Select(vote => vote.Address) ?? []);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Commit(Utf8JsonWriter json, SignedBlock signed, Genesis genesis, long newest)
    {
        json.WriteStartObject();
        json.WriteStartObject("signed_header");
        json.WritePropertyName("header");
        Header(json, signed.Block);
        json.WritePropertyName("commit");
        Votes(json, signed, genesis.Validators.Select(validator => validator.Address));
        json.WriteEndObject();
        json.WriteBoolean("canonical", signed.Block.Height < newest);
        json.WriteEndObject();
    }

    public static void Header(Utf8JsonWriter json, Block block)
    {
        json.WriteStartObject();
        json.WriteStartObject("version");
        json.WriteString("block", "11");
        json.WriteEndObject();
        json.WriteString("chain_id", block.ChainId);
        json.WriteString("height", RpcServer.Text(block.Height));
        json.WriteString("time", block.Time);
        BlockId(json, "last_block_id", block.LastBlockId);
        json.WriteString("data_hash", block.DataHash);
        json.WriteString("app_hash", block.AppHash);
        json.WriteString("proposer_address", block.Proposer);
        json.WriteEndObject();
    }

    public static void Key(Utf8JsonWriter json, string name, TypedKey key)
    {
        json.WriteStartObject(name);
        json.WriteString("type", key.Type);
        json.WriteBase64String("value", key.Value);
        json.WriteEndObject();
    }

    /// <summary>A commit: 2 is committed, 1 is absent, in the order of the validators.</summary>
    private static void Votes(Utf8JsonWriter json, SignedBlock? signed, IEnumerable<string> validators)
    {
        json.WriteStartObject();
        json.WriteString("height", RpcServer.Text(signed?.Block.Height ?? 0));
        json.WriteNumber("round", 0);
        BlockId(json, "block_id", signed?.Block.Hash ?? "");
        json.WriteStartArray("signatures");
        foreach (var (address, commit) in signed is null ? [] : validators.Select(address => (address, signed)))
        {
            var vote = commit.Votes.FirstOrDefault(vote => vote.Address == address);
            json.WriteStartObject();
            json.WriteNumber("block_id_flag", vote is null ? 1 : 2);
            json.WriteString("validator_address", vote?.Address ?? "");
            json.WriteString("timestamp", vote?.Time ?? DateTime.MinValue);
            if (vote is null)
            {
                json.WriteNull("signature");
            }
            else
            {
                json.WriteBase64String("signature", vote.Signature);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void BlockId(Utf8JsonWriter json, string name, string hash)
    {
        json.WriteStartObject(name);
        json.WriteString("hash", hash);
        json.WriteStartObject("parts");
        json.WriteNumber("total", hash.Length == 0 ? 0 : 1);
        json.WriteString("hash", hash);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
