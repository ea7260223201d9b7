namespace VirtEngine.DR.Activities.Chain.CometBft;

/// <summary>CometBFT's RPC over one HTTP client with deadlines.</summary>
public sealed class CometBftRpcFactory : IChainRpcFactory, IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Makes the client.</summary>
    /// <param name="timeout">The deadline of one call; 5 s unless given.</param>
    public CometBftRpcFactory(TimeSpan? timeout = null) =>
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = false,
        })
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = 16 << 20,
        };

    /// <inheritdoc/>
    public IChainRpc Create(Uri url) => new CometBftRpc(_http, url);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
