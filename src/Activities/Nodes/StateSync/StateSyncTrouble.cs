namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>What a light client or a state sync complains of in the node's log, explained. The phrases are those of CometBFT 0.38 and 0.37, as nodes that were misled on purpose wrote them.</summary>
/// <param name="Line">The line.</param>
/// <param name="Meaning">What it means and what to do.</param>
internal sealed record StateSyncTrouble(string Line, string Meaning)
{
    private const int LongestLine = 300;

    private static readonly (string[] Phrases, string Meaning)[] Known =
    [
        (["expected header's hash", "but got"], "the trusted hash is not the hash that the RPC servers have: the anchor is of another chain, or the servers lie. Compare it with the block's hash at three other nodes before anything is trusted"),
        (["old header has expired"], "trust expired: the anchor's block is older than trust_period. Have TrustAnchors make a newer one, and keep chain.trustPeriod at about two thirds of the unbonding time"),
        (["at least 2 rpc servers are required"], "a light client needs two RPC servers: one to ask and one to check it against"),
        (["height requested is too high"], "the trusted height is above what the RPC servers have: they are behind, or the chain was started anew"),
        (["conflicting headers"], "the RPC servers contradict each other: one is on another chain, or it is an attack. Nothing is trusted until it is known which"),
        (["divergence"], "the RPC servers contradict each other: one is on another chain, or it is an attack. Nothing is trusted until it is known which"),
        (["no witnesses connected"], "no second RPC server answers to check the first one: the light client stops. Check rpc_servers from the node's own host"),
        (["light client state provider", "connection refused"], "an RPC server does not answer from the node's own host: check rpc_servers and the way there"),
        (["light client state provider"], "the light client could not be set up: see the line"),
        (["light block not found"], "the RPC servers do not have the block that is asked for: they are pruned, or younger than the snapshot"),
        (["app hash", "snapshot", "verif"], "the restored state is not the chain's: the snapshot is wrong, and another peer's is taken"),
        (["state sync failed"], "the state sync gave up: see the line"),
        (["snapshot rejected"], "a snapshot was rejected: see the line before it in the node's log"),
    ];

    /// <summary>The most telling one; null where the log says nothing of the kind.</summary>
    public static StateSyncTrouble? Read(string? log)
    {
        var best = (Rank: int.MaxValue, Line: "");
        foreach (var line in (log ?? "").Split('\n'))
        {
            var lower = line.ToLowerInvariant();
            var rank = Array.FindIndex(Known, one => one.Phrases.All(phrase => lower.Contains(phrase, StringComparison.Ordinal)));
            if (rank >= 0 && rank < best.Rank)
            {
                best = (rank, line.Trim());
            }
        }

        if (best.Rank < Known.Length)
        {
            return new(best.Line[..Math.Min(best.Line.Length, LongestLine)], Known[best.Rank].Meaning);
        }

        var sought = log?.Contains("Discovering snapshots", StringComparison.OrdinalIgnoreCase) == true;
        return !sought ? null
            : log!.Contains("Discovered new snapshot", StringComparison.OrdinalIgnoreCase)
            ? new("Discovered new snapshot", "snapshots were found and none was restored in time: see the node's log")
            : new("Discovering snapshots", "no snapshots found: no peer serves any. Check snapshot-interval (1000) in the app.toml of the sources, and that the node has peers");
    }
}
