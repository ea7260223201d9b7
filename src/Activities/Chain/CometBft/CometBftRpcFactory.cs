using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace VirtEngine.DR.Activities.Chain.CometBft;

/// <summary>CometBFT's RPC over one HTTP client with deadlines; <c>unix:///path</c> is reached through that socket.</summary>
public sealed class CometBftRpcFactory : IChainRpcFactory, IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClient _unix;
    private readonly ConcurrentDictionary<string, string> _sockets = new(StringComparer.Ordinal);
    private int _number;

    /// <summary>Makes the client.</summary>
    /// <param name="timeout">The deadline of one call; 5 s unless given.</param>
    public CometBftRpcFactory(TimeSpan? timeout = null)
    {
        _http = Client(Handler(), timeout);
        var handler = Handler();
        handler.UseProxy = false;
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_sockets[context.DnsEndPoint.Host]), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        _unix = Client(handler, timeout);
    }

    /// <inheritdoc/>
    public IChainRpc Create(Uri url)
    {
        if (url.Scheme != "unix")
        {
            return new CometBftRpc(_http, url);
        }

        // A name that stands for the socket's path: the client keeps its connections by it, and nothing else ever resolves it.
        var name = string.Create(CultureInfo.InvariantCulture, $"socket-{Interlocked.Increment(ref _number)}.invalid");
        _sockets[name] = url.AbsolutePath;
        return new CometBftRpc(_unix, new Uri($"http://{name}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _unix.Dispose();
    }

    private static SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        AllowAutoRedirect = false,
    };

    private static HttpClient Client(SocketsHttpHandler handler, TimeSpan? timeout) => new(handler)
    {
        Timeout = timeout ?? TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 16 << 20,
    };
}
