using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>A region's gateway on a loopback address of its own: keeps connections, answers while it is up, and says nothing at all where it hangs.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _connections;

    public StandIn(string address, int port)
    {
        _listener = new(IPAddress.Parse(address), port);
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public bool Hangs { get; set; }

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
    }

    private async Task LoopAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (line.Length > 0)
                    {
                        continue;
                    }

                    if (Hangs)
                    {
                        await Task.Delay(Timeout.Infinite, _stop.Token);
                    }

                    await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client went, or the region did.
            }
        }
    }
}
