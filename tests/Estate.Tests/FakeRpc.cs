using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>A CometBFT RPC that gives one answer to everything, on a free loopback port.</summary>
internal sealed class FakeRpc : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly byte[] answer;
    private readonly Task serving;

    public FakeRpc(string json)
    {
        answer = Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\nConnection: close\r\n\r\n{json}");
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        listener.Stop();
        Assert(serving);
    }

    private static void Assert(Task task) => Xunit.Assert.False(task.IsFaulted, task.Exception?.ToString());

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            using (client)
            {
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                await stream.WriteAsync(answer);
            }
        }
    }
}
