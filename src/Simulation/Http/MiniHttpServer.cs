using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace VirtEngine.DR.Simulation.Http;

/// <summary>A small HTTP/1.1 server: ready in milliseconds, which a hosted one is not.</summary>
public sealed class MiniHttpServer : IAsyncDisposable
{
    private const int HeadBytes = 16 << 10;
    private const int BodyBytes = 8 << 20;
    private readonly Socket listener;
    private readonly Func<HttpCall, CancellationToken, Task<HttpReply>> handle;
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    /// <summary>Listens at once; a host that is an absolute path is a unix socket's.</summary>
    public MiniHttpServer(string host, int port, Func<HttpCall, CancellationToken, Task<HttpReply>> handle)
    {
        this.handle = handle;
        EndPoint end = host.StartsWith('/') ? new UnixDomainSocketEndPoint(host)
            : new IPEndPoint(host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), port);
        listener = end is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(end);
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(stop.Token));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(HeadBytes);
        try
        {
            if (socket.AddressFamily != AddressFamily.Unix)
            {
                socket.NoDelay = true;
            }

            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadAsync(stream, buffer) is { } call)
            {
                var reply = await handle(call, stop.Token);
                var head = Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {reply.Status} {(HttpStatusCode)reply.Status}\r\nContent-Type: application/json\r\nContent-Length: {reply.Body.Length}\r\n\r\n");
                await stream.WriteAsync((byte[])[.. head, .. reply.Body], stop.Token);
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or SocketException or InvalidDataException or JsonException
            or FormatException or ObjectDisposedException)
        {
            // The client went away, sent something that is no HTTP, or this node stops: the connection is closed, which is the answer.
            socket.Dispose();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<HttpCall?> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        var (have, end) = (0, -1);
        while (end < 0)
        {
            var read = have == buffer.Length ? throw new InvalidDataException("head too long") : await stream.ReadAsync(buffer.AsMemory(have), stop.Token);
            if (read == 0)
            {
                return null;
            }

            have += read;
            end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }

        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        var words = lines[0].Split(' ');
        if (words.Length != 3)
        {
            throw new InvalidDataException("no request line");
        }

        if (lines.Any(line => line.StartsWith("transfer-encoding:", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidDataException("a body must have a Content-Length");
        }

        var length = lines.Skip(1).Where(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line[15..], CultureInfo.InvariantCulture)).FirstOrDefault();
        if (length is < 0 or > BodyBytes)
        {
            throw new InvalidDataException("body too long");
        }

        var body = new byte[length];
        var early = Math.Min(length, have - end - 4);
        buffer.AsSpan(end + 4, early).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(early), stop.Token);
        return new HttpCall(words[0], words[1].Split('?')[0], Query(words[1]), body);
    }

    private static Dictionary<string, string> Query(string target)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        if (target.IndexOf('?', StringComparison.Ordinal) is > 0 and var mark)
        {
            foreach (var pair in target[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = pair.Split('=', 2);
                query[parts[0]] = parts.Length < 2 ? "" : Uri.UnescapeDataString(parts[1]).Trim('"');
            }
        }

        return query;
    }
}
