using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>Nodes of a chain that stands at one height, as their RPCs show them.</summary>
internal sealed class PlanRpcs : IChainRpcFactory
{
    public const string Chain = "virtengine-1";

    private readonly Dictionary<string, (long Height, string? Next, string App)> _nodes = [];

    public IReadOnlyList<RpcEndpoint> Endpoints => [.. _nodes.Keys.Select(name => new RpcEndpoint(name, $"http://{name}"))];

    /// <summary>When the newest block was made.</summary>
    public DateTimeOffset BlockTime { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<RoundVote> Votes { get; set; } = [];

    public IReadOnlyList<string> Signers { get; set; } = [];

    /// <summary>A node: its height, the app hash in the block above it where it has that, and its application's own.</summary>
    public PlanRpcs Add(string name, long height, string? next, string app)
    {
        _nodes[name] = (height, next, app);
        return this;
    }

    public IChainRpc Create(Uri url) => new Rpc(this, url);

    private sealed class Rpc(PlanRpcs all, Uri url) : IChainRpc
    {
        private (long Height, string? Next, string App) Node => all._nodes[url.Host];

        public Uri Url => url;

        public Task<ChainStatus> StatusAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new ChainStatus(Chain, "id-" + url.Host, "0.38", Node.Height, all.BlockTime, 1, false, 0));

        public Task<ChainHeader?> HeaderAsync(long height, CancellationToken cancellationToken) =>
            Task.FromResult(height <= Node.Height ? new ChainHeader(height, all.BlockTime, Node.Next ?? "") : null);

        public Task<int> PeersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ChainValidator>> ValidatorsAsync(long? height, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ChainValidator>>([new(new string('A', 40), 10), new(new string('B', 40), 10), new(new string('C', 40), 10)]);

        public Task<AppInfo> AppInfoAsync(CancellationToken cancellationToken) => Task.FromResult(new AppInfo(Node.Height, Node.App));

        public Task<byte[]> QueryAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ChainCommit?> CommitAsync(long height, CancellationToken cancellationToken) => Task.FromResult<ChainCommit?>(new(height, true, all.Signers));

        public Task<IReadOnlyList<string>?> DoubleSignersAsync(long height, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RoundVote>> RoundVotesAsync(CancellationToken cancellationToken) => Task.FromResult(all.Votes);
    }
}
