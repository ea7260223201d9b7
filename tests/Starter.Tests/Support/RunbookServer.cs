using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>A server of a test class's own; a worker for the fake runbook is started where a test wants one.</summary>
public sealed class RunbookServer : IAsyncLifetime
{
    private TestServer? server;

    public ITemporalClient Client => server!.Client;

    public string Address => server!.Address;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    /// <summary>Runs the body while a control worker answers.</summary>
    public Task WithWorkerAsync(Func<Task> body)
    {
        var worker = new TemporalWorker(Client, new TemporalWorkerOptions(Names.ControlQueue).AddWorkflow<FakeRunbook>());
        return worker.ExecuteAsync(body, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
