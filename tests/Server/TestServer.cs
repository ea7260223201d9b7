using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using Temporalio.Testing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Embedded;

namespace VirtEngine.DR.Tests.Shared;

/// <summary>
/// The server that tests run on where they are not about the official one: the embedded engine, so that a machine with nothing but the .NET SDK skips
/// none of them. With <c>VIRTENGINE_TEST_SERVER=temporal</c> it is the official dev server, from PATH. Linked into the projects that need it.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WorkflowEnvironment? environment;
    private readonly EmbeddedEngine? engine;

    private TestServer(ITemporalClient client, WorkflowEnvironment? environment, EmbeddedEngine? engine) =>
        (Client, this.environment, this.engine) = (client, environment, engine);

    /// <summary>Whether the official server was asked for.</summary>
    public static bool IsOfficial => Environment.GetEnvironmentVariable("VIRTENGINE_TEST_SERVER") switch
    {
        "temporal" => true,
        null or "" or "embedded" => false,
        var other => throw new InvalidOperationException($"VIRTENGINE_TEST_SERVER is '{other}'; it may be embedded (the default) or temporal"),
    };

    /// <summary>A client of it.</summary>
    public ITemporalClient Client { get; }

    /// <summary>Where it listens.</summary>
    public string Address => Client.Connection.Options.TargetHost!;

    /// <summary>Starts one.</summary>
    /// <param name="attributes">Whether our search attributes are there from the start.</param>
    /// <param name="file">Keeps everything here; without one it is lost at the end.</param>
    /// <param name="port">Where it listens; 0 for any free port.</param>
    public static async Task<TestServer> StartAsync(bool attributes = true, string? file = null, int port = 0)
    {
        if (IsOfficial)
        {
            var official = await WorkflowEnvironment.StartLocalAsync(new()
            {
                DataConverter = DrDataConverter.Instance,
                SearchAttributes = attributes ? SearchAttributeNames.All : [],
                TargetHost = port == 0 ? null : FormattableString.Invariant($"127.0.0.1:{port}"),
                DevServerOptions = new() { ExistingPath = RequiredProgram.Find("temporal"), LogLevel = "error", DatabaseFilename = file },
            });
            return new(official.Client, official, null);
        }

        var engine = await EmbeddedEngine.StartAsync(new EngineOptions { DataFile = file, Port = port }, CancellationToken.None);
        var client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(engine.TargetHost) { DataConverter = DrDataConverter.Instance });
        if (attributes)
        {
            var request = new AddSearchAttributesRequest { Namespace = client.Options.Namespace };
            request.SearchAttributes.Add(SearchAttributeNames.All.ToDictionary(key => key.Name, key => key.ValueType));
            await client.Connection.OperatorService.AddSearchAttributesAsync(request);
        }

        return new(client, null, engine);
    }

    /// <inheritdoc/>
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
