using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>An HTTP server that answers each request with what the test says, byte by byte, and remembers what it was asked.</summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, string, string> _answer;
    private readonly Task _loop;
    private readonly List<string> _requests = [];
    private int _count;

    /// <summary>Starts it.</summary>
    /// <param name="answer">From the number of the request (1, 2, …) and its text to the whole answer; the connection closes after it. Null text: never answers.</param>
    public FaultyServer(Func<int, string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Count => Volatile.Read(ref _count);

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static string Answer(int status, string body, string headers = "", int? length = null) =>
        $"HTTP/1.1 {status} X\r\nContent-Length: {length ?? Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        // The loop first: a listener that is stopped under it fails the accept that is about to begin.
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        var calls = new List<Task>();
        try
        {
            while (true)
            {
                calls.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(calls);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var text = await ReadAsync(stream);
                var number = Interlocked.Increment(ref _count);
                lock (_requests)
                {
                    _requests.Add(text);
                }

                var answer = _answer(number, text);
                if (answer.Length == 0)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other side gave up, as some tests want.
            }
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[16384];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var all = text.ToString();
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0)
            {
                return all;
            }

            if (end >= 0)
            {
                var length = all.Split("\r\n").Select(line => line.Split(": ", 2)).FirstOrDefault(line => line[0].Equals("content-length", StringComparison.OrdinalIgnoreCase));
                if (length is null || Encoding.UTF8.GetByteCount(all[(end + 4)..]) >= int.Parse(length[1]))
                {
                    return all;
                }
            }
        }
    }
}
