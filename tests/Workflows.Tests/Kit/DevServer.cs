using Temporalio.Client;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>One server for the whole test assembly (<see cref="TestServer"/>). Tests keep apart by workflow ids and task queues of their own.</summary>
public sealed class DevServer : IAsyncLifetime
{
    private TestServer? server;

    /// <summary>The server's client.</summary>
    public ITemporalClient Client => server?.Client ?? throw new InvalidOperationException("the server was not started");

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
