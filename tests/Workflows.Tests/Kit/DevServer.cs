using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using Temporalio.Testing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Embedded;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>
/// One server for the whole test assembly: <c>temporal</c> where it is on PATH, else the embedded engine; <c>VIRTENGINE_TEST_SERVER</c>
/// (<c>embedded</c> or <c>temporal</c>) decides. Tests keep apart by workflow ids and task queues of their own.
/// </summary>
public sealed class DevServer : IAsyncLifetime
{
    private WorkflowEnvironment? environment;
    private EmbeddedEngine? engine;
    private ITemporalClient? client;

    /// <summary>The server's client.</summary>
    public ITemporalClient Client => client ?? throw new InvalidOperationException("the server was not started");

    public async ValueTask InitializeAsync()
    {
        var wish = Environment.GetEnvironmentVariable("VIRTENGINE_TEST_SERVER");
        var program = wish == "embedded" ? null : Peers.Find("temporal");
        if (program is null)
        {
            Assert.False(wish == "temporal", "VIRTENGINE_TEST_SERVER=temporal, and temporal is not on PATH");
            engine = await EmbeddedEngine.StartAsync(new EngineOptions(), CancellationToken.None);
            client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(engine.TargetHost) { DataConverter = DrDataConverter.Instance });
            var request = new AddSearchAttributesRequest { Namespace = client.Options.Namespace };
            request.SearchAttributes.Add(SearchAttributeNames.All.ToDictionary(key => key.Name, key => key.ValueType));
            await client.Connection.OperatorService.AddSearchAttributesAsync(request);
            return;
        }

        environment = await WorkflowEnvironment.StartLocalAsync(new()
        {
            DataConverter = DrDataConverter.Instance,
            SearchAttributes = SearchAttributeNames.All,
            DevServerOptions = new() { ExistingPath = program, LogLevel = "error" },
        });
        client = environment.Client;
    }

    public async ValueTask DisposeAsync()
    {
        if (environment is not null)
        {
            await environment.DisposeAsync();
        }

        if (engine is not null)
        {
            await engine.DisposeAsync();
        }
    }
}
