using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Http;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>What peers ask: status, blocks, votes.</summary>
/// <param name="node">The node.</param>
internal sealed class P2pServer(FullNode node)
{
    private const int BlocksAtOnce = 50;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public async Task<HttpReply> HandleAsync(HttpCall call, CancellationToken cancellationToken)
    {
        if (call.Query.GetValueOrDefault("from") is { Length: > 0 } id)
        {
            node.Heard(id);
        }

        return call.Path switch
        {
            "/p2p/status" => Ok(JsonSerializer.SerializeToUtf8Bytes(
                new PeerStatus(node.NodeId, node.Config.Moniker, node.Genesis.ChainId, node.State.Height), ChainJson.Default.PeerStatus)),
            "/p2p/blocks" when long.TryParse(call.Query.GetValueOrDefault("height"), CultureInfo.InvariantCulture, out var height) =>
                await BlocksAsync(height, cancellationToken),
            "/p2p/vote" when JsonSerializer.Deserialize(call.Body, ChainJson.Default.Block) is { } block => Vote(block),
            _ => new HttpReply(404, "{}"u8.ToArray()),
        };
    }

    private static HttpReply Ok(byte[] body) => new(200, body);

    private async Task<HttpReply> BlocksAsync(long from, CancellationToken cancellationToken)
    {
        var grown = node.State.Grown;
        if (node.State.Height < from)
        {
            await Task.WhenAny(grown, Task.Delay(Wait, cancellationToken));
        }

        var blocks = new List<SignedBlock>();
        for (var height = Math.Max(from, 1); height <= node.State.Height && blocks.Count < BlocksAtOnce && node.State.Blocks.Get(height) is { } block; height++)
        {
            blocks.Add(block);
        }

        return Ok(JsonSerializer.SerializeToUtf8Bytes(blocks, ChainJson.Default.ListSignedBlock));
    }

    private HttpReply Vote(Block block)
    {
        var (vote, refusal) = node.Vote(block);
        if (vote is null)
        {
            NodeLog.Info("consensus", $"no vote for height={block.Height}: {refusal}");
            return new HttpReply(409, "{}"u8.ToArray());
        }

        return Ok(JsonSerializer.SerializeToUtf8Bytes(vote, ChainJson.Default.Vote));
    }
}
