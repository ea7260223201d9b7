using Temporalio.Client;
using Temporalio.Testing;
using VirtEngine.DR.Contracts;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>One Temporal dev server for the whole test assembly. Tests keep apart by workflow ids and task queues of their own.</summary>
public sealed class DevServer : IAsyncLifetime
{
    private WorkflowEnvironment? environment;

    /// <summary>The server's client; skips the test where there is no server.</summary>
    public ITemporalClient Client
    {
        get
        {
            if (environment is null)
            {
                Assert.SkipUnless(Peers.Required, "temporal is not on PATH: install Temporal's CLI to run this test");
                Assert.Fail("temporal is not on PATH, and VIRTENGINE_REQUIRE_PEERS=1 makes that a failure");
            }

            return environment.Client;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Peers.Find("temporal") is { } path)
        {
            environment = await WorkflowEnvironment.StartLocalAsync(new()
            {
                DataConverter = DrDataConverter.Instance,
                SearchAttributes = SearchAttributeNames.All,
                DevServerOptions = new() { ExistingPath = path, LogLevel = "error" },
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (environment is not null)
        {
            await environment.DisposeAsync();
        }
    }
}
