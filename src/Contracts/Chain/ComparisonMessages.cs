namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Asks several nodes for the state that they have come to.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Nodes">Whom to ask; one that does not answer is an answer.</param>
public sealed record StateQuery(string ChainId, IReadOnlyList<RpcEndpoint> Nodes)
{
    /// <summary>The node in doubt; where its blocks are not the others', the height is sought at which they part. Null: nobody's in particular.</summary>
    public string? Subject { get; init; }

    /// <summary>Heights that are compared beside those that the nodes are at: of a stopped node, the one after its last.</summary>
    public IReadOnlyList<long> Heights { get; init; } = [];
}

/// <summary>What the nodes say, compared at equal heights only: two nodes a block apart differ in health too.</summary>
/// <param name="At">When.</param>
/// <param name="Nodes">Each node that was asked.</param>
/// <param name="Heights">What their blocks say, by height, the lowest first.</param>
public sealed record StateComparison(DateTimeOffset At, IReadOnlyList<NodeSight> Nodes, IReadOnlyList<HeightSight> Heights);

/// <summary>A node as its RPC shows it.</summary>
/// <param name="Node">Its name in the estate.</param>
/// <param name="Problem">Why nothing is known of it; null where it answered.</param>
/// <param name="Id">Its p2p id: two names with one id are one node.</param>
/// <param name="Height">Its newest block.</param>
/// <param name="BlockTime">That block's time.</param>
/// <param name="Earliest">Its oldest block.</param>
/// <param name="AppHeight">The height that its application has come to.</param>
/// <param name="AppHash">The application's hash after it, upper-case hex: what the next block's header holds.</param>
/// <param name="Version">The application's version, as the application says.</param>
public sealed record NodeSight(
    string Node, string? Problem, string Id, long Height, DateTimeOffset? BlockTime, long Earliest, long AppHeight, string AppHash, string Version);

/// <summary>One height as the nodes that have it show it.</summary>
/// <param name="Height">The height.</param>
/// <param name="Blocks">Their blocks.</param>
public sealed record HeightSight(long Height, IReadOnlyList<BlockSight> Blocks);

/// <summary>A node's block.</summary>
/// <param name="Node">Whose.</param>
/// <param name="AppHash">The app hash in its header: the state's after the height before.</param>
/// <param name="Hash">The block's own hash.</param>
public sealed record BlockSight(string Node, string AppHash, string Hash);
