namespace VirtEngine.DR.Activities.Chain;

/// <summary>What the engine asks of a node's RPC. Failures are <see cref="ChainRpcException"/>.</summary>
public interface IChainRpc
{
    /// <summary>Where it is, for messages.</summary>
    Uri Url { get; }

    /// <summary>The node's own view of itself and of the tip.</summary>
    Task<ChainStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>The header at a height; its app hash is the state's after the height before. Null where the node doesn't have that block.</summary>
    Task<ChainHeader?> HeaderAsync(long height, CancellationToken cancellationToken);

    /// <summary>Connected peers.</summary>
    Task<int> PeersAsync(CancellationToken cancellationToken);

    /// <summary>Every validator of the set at a height (null: the newest), all pages.</summary>
    Task<IReadOnlyList<ChainValidator>> ValidatorsAsync(long? height, CancellationToken cancellationToken);

    /// <summary>The application's own last height and the app hash after it.</summary>
    Task<AppInfo> AppInfoAsync(CancellationToken cancellationToken);

    /// <summary>Asks the application a query without parameters; the answer is its protobuf message.</summary>
    Task<byte[]> QueryAsync(string path, CancellationToken cancellationToken);

    /// <summary>Who signed the block at a height. The newest height is the node's own view and misses late votes: ask below it.</summary>
    Task<ChainCommit?> CommitAsync(long height, CancellationToken cancellationToken);

    /// <summary>Consensus addresses, upper-case hex, against whom the block at a height holds evidence of two votes. Null where the node doesn't have that block.</summary>
    Task<IReadOnlyList<string>?> DoubleSignersAsync(long height, CancellationToken cancellationToken);

    /// <summary>The votes of the height that is being decided, as the node has them; old ones of a chain that stands stay there.</summary>
    Task<IReadOnlyList<RoundVote>> RoundVotesAsync(CancellationToken cancellationToken);
}
