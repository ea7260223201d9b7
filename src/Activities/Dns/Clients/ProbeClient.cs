using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VirtEngine.DR.Activities.Dns.Resolvers;

namespace VirtEngine.DR.Activities.Dns.Clients;

/// <summary>A client as the outside has them: it asks its resolver, keeps the answer for its TTL, and keeps its connection where it is one that does.</summary>
internal sealed class ProbeClient : IDisposable
{
    private readonly ClientQuery _query;
    private readonly DnsResolver _resolver;
    private readonly bool _keepsAlive;
    private readonly HttpClient _http;
    private IReadOnlyList<string> _addresses = [];
    private long _until;
    private string? _at;
    private int _requests;
    private int _failed;
    private string _last = "nothing yet";

    public ProbeClient(ClientQuery query, IPEndPoint resolver, bool keepsAlive)
    {
        (_query, _resolver, _keepsAlive) = (query, new(resolver), keepsAlive);
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            MaxConnectionsPerServer = 1,
            PooledConnectionLifetime = keepsAlive ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = ConnectAsync,
        })
        { Timeout = query.Patience };
    }

    public ClientLine Line => new(_resolver.At.ToString(), _keepsAlive, _requests, _failed, _last);

    /// <summary>Makes one request.</summary>
    /// <returns>Whether it arrived.</returns>
    public async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        _requests++;
        var arrived = false;
        try
        {
            using var answer = await _http.GetAsync(_query.Url, cancellationToken).ConfigureAwait(false);
            arrived = answer.IsSuccessStatusCode && !_query.Lost.Contains(_at);
            _last = $"{(int)answer.StatusCode} from {_at}{(_query.Lost.Contains(_at) ? " (lost region)" : "")}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _last = e is OperationCanceledException ? $"no answer from {_at} in time" : e.InnerException?.Message ?? e.Message;
        }

        _failed += arrived ? 0 : 1;
        return arrived;
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (_addresses.Count == 0 || Stopwatch.GetTimestamp() >= _until)
        {
            var answer = await _resolver.AskAsync(_query.Url.Host, _query.Type, cancellationToken).ConfigureAwait(false);
            if (answer.Problem is not null)
            {
                // Clients do not live on an answer that has run out.
                _addresses = [];
                throw new IOException(answer.Problem);
            }

            _addresses = answer.Addresses;
            _until = Stopwatch.GetTimestamp() + (long)(answer.Ttl.TotalSeconds * Stopwatch.Frequency);
        }

        _at = _addresses[0];
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_at, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"{_at}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
