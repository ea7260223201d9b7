using VirtEngine.DR.Simulation.Network;
using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Support;

/// <summary>A network whose processes end with the test.</summary>
internal sealed class LiveNetwork(MiniNetwork network) : IAsyncDisposable
{
    private readonly Dictionary<string, MiniNodeProcess> running = [];

    public MiniNetwork Network => network;

    public static async Task<LiveNetwork> StartAsync(MiniNetworkOptions options)
    {
        var live = new LiveNetwork(await MiniNetwork.CreateAsync(options, TestContext.Current.CancellationToken));
        await Task.WhenAll(live.Network.Nodes.Select(node => live.StartAsync(node.Name)));
        return live;
    }

    public MiniNodeProcess this[string name] => running[name];

    public RpcClient Rpc(string name) => new(network[name]);

    public async Task StartAsync(string name)
    {
        var process = await MiniNodeProcess.StartAsync(network[name], TestContext.Current.CancellationToken);
        lock (running)
        {
            running[name] = process;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
        {
            await process.DisposeAsync();
        }
    }
}
