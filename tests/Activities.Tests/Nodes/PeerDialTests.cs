using System.Net;
using System.Net.Sockets;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Nodes;

/// <summary>Whether a node's peers are reached from its host: only one that speaks counts.</summary>
public sealed class PeerDialTests : IDisposable
{
    private readonly ShellNode _node = new();
    private readonly List<TcpListener> _listeners = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoneReached_OneOfThreeSpeaks_IsNull()
    {
        await NameAsync(Listen(speaks: false), FreePorts.One(), Listen(speaks: true));

        Assert.Null(await PeerDial.NoneReachedAsync(NodeHome.Of(_node.Target.Node), Token));
    }

    [Fact]
    public async Task NoneReached_NobodySpeaks_NamesEachAndWhatItDid()
    {
        int silent = Listen(speaks: false), gone = FreePorts.One(), closing = Listen(speaks: null);
        await NameAsync(silent, gone, closing);

        string? why = await PeerDial.NoneReachedAsync(NodeHome.Of(_node.Target.Node), Token);

        Assert.Equal($"none of its 3 persistent peers is reached from its host: 127.0.0.1:{silent} takes the call and says nothing, 127.0.0.1:{gone} refuses, 127.0.0.1:{closing} hangs up", why);
    }

    [Theory]
    [InlineData("""persistent_peers = "" """, 0)]
    [InlineData("""seeds = "id@a:1" """, 0)]
    [InlineData("""persistent_peers = " id@a.example:26656 , 0123@[::1]:7,b:8, nonsense" """, 3)]
    public void Peers_WhatIsNamed(string line, int count) => Assert.Equal(count, PeerDial.Peers("[p2p]\n" + line + "\n", "config.toml").Count);

    public void Dispose()
    {
        _listeners.ForEach(listener => listener.Dispose());
        _node.Dispose();
    }

    private Task NameAsync(params int[] ports) => File.WriteAllTextAsync(
        Path.Combine(_node.Home, "config", "config.toml"), $"[p2p]\npersistent_peers = \"{string.Join(',', ports.Select(port => $"0a1b@127.0.0.1:{port}"))}\" # ours\n", Token);

    /// <summary>Takes calls; speaks first, hangs up at once (null), or says nothing.</summary>
    private int Listen(bool? speaks)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        _ = TakeAsync();
        return ((IPEndPoint)listener.LocalEndpoint).Port;

        async Task TakeAsync()
        {
            var taken = new List<TcpClient>();
            try
            {
                while (true)
                {
                    TcpClient client = await listener.AcceptTcpClientAsync(Token);
                    taken.Add(client);
                    if (speaks is null)
                    {
                        client.Dispose();
                    }
                    else if (speaks.Value)
                    {
                        await client.GetStream().WriteAsync(new byte[] { 34 }, Token);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                taken.ForEach(client => client.Dispose());
            }
        }
    }
}
