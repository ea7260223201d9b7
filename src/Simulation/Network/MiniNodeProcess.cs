namespace VirtEngine.DR.Simulation.Network;

/// <summary>A running small node, for tests and the demo. Disposing kills it.</summary>
public sealed class MiniNodeProcess : IAsyncDisposable
{
    /// <summary>Its process id.</summary>
    public int Pid => throw new NotSupportedException();

    /// <summary>Starts the node; output goes to <c>node.log</c> in its home. Returns when RPC answers.</summary>
    public static Task<MiniNodeProcess> StartAsync(MiniNode node, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task KillAsync() => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
