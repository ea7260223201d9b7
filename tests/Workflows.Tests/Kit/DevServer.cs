using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using Temporalio.Testing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Embedded;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>
/// One server for the whole test assembly: <c>temporal</c> from PATH, or the embedded engine with <c>VIRTENGINE_TEST_SERVER=embedded</c> (by wish
/// only, as long as its resets differ). Tests keep apart by workflow ids and task queues of their own.
/// </summary>
public sealed class DevServer : IAsyncLifetime
{
    private WorkflowEnvironment? environment;
    private EmbeddedEngine? engine;
    private ITemporalClient? client;

    /// <summary>The server's client; skips the test where there is no server.</summary>
    public ITemporalClient Client
    {
        get
        {
            if (client is null)
            {
                Assert.SkipUnless(Peers.Required, "temporal is not on PATH: install Temporal's CLI to run this test");
                Assert.Fail("temporal is not on PATH, and VIRTENGINE_REQUIRE_PEERS=1 makes that a failure");
            }

            return client;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("VIRTENGINE_TEST_SERVER") == "embedded")
        {
            engine = await EmbeddedEngine.StartAsync(new EngineOptions(), CancellationToken.None);
            client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(engine.TargetHost) { DataConverter = DrDataConverter.Instance });
            var request = new AddSearchAttributesRequest { Namespace = client.Options.Namespace };
            request.SearchAttributes.Add(SearchAttributeNames.All.ToDictionary(key => key.Name, key => key.ValueType));
            await client.Connection.OperatorService.AddSearchAttributesAsync(request);
            return;
        }

        if (Peers.Find("temporal") is not { } program)
        {
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
