using System.Collections.Concurrent;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>RPCs in memory, as far as trust anchors ask them.</summary>
internal sealed class FakeRpcs : IChainRpcFactory
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, (long? Height, string Chain, string Id)> _nodes = new(StringComparer.Ordinal);

    /// <summary>Heights that headers were asked for.</summary>
    public ConcurrentBag<long> Asked { get; } = [];

    public IReadOnlyList<RpcEndpoint> Endpoints => [.. _nodes.Keys.Select(name => new RpcEndpoint(name, $"http://{name}:26657"))];

    /// <summary>Adds one; without a height it is silent.</summary>
    public FakeRpcs Add(string name, long? height, string chain = "virtengine-1", string? id = null)
    {
        _nodes.Add(name, (height, chain, id ?? "id-" + name));
        return this;
    }

    public IChainRpc Create(Uri url) => new Rpc(this, url);

    private sealed class Rpc(FakeRpcs all, Uri url) : IChainRpc
    {
        public Uri Url => url;

        public Task<ChainStatus> StatusAsync(CancellationToken cancellationToken)
        {
            var (height, chain, id) = all._nodes[url.Host];
            return height is { } at
                ? Task.FromResult(new ChainStatus(chain, id, "0.38", at, Noon, 1, false, 0))
                : Task.FromException<ChainStatus>(new ChainRpcException("it does not answer", answered: false));
        }

        public Task<ChainHeader?> HeaderAsync(long height, CancellationToken cancellationToken)
        {
            all.Asked.Add(height);
            return Task.FromResult<ChainHeader?>(new(height, Noon, "AB") { BlockHash = new string('A', 64) });
        }

        public Task<int> PeersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ChainValidator>> ValidatorsAsync(long? height, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AppInfo> AppInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]> QueryAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ChainCommit?> CommitAsync(long height, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RoundVote>> RoundVotesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>?> DoubleSignersAsync(long height, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
