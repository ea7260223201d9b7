using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using VirtEngine.DR.Embedded.Tests.Conformance;
using VirtEngine.DR.Tests.Shared;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>The two servers that scenarios are played on, each started when it is first wanted: the official dev server and ours.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly Lazy<Task<ITemporalClient>> official;
    private readonly Lazy<Task<ITemporalClient>> embedded;
    private static readonly Temporalio.Runtime.TemporalRuntime Quiet = new(new()
    {
        Telemetry = new() { Logging = new() { Filter = new(Temporalio.Runtime.TelemetryFilterOptions.Level.Error) } },
    });

    private ChildProgram? devServer;
    private EmbeddedEngine? engine;

    public Servers()
    {
        official = new(() => Task.Run(StartOfficialAsync));
        embedded = new(() => Task.Run(StartEmbeddedAsync));
    }

    /// <summary>A client of the official dev server; skips the test where the program is not on PATH.</summary>
    public Task<ITemporalClient> OfficialAsync()
    {
        RequiredProgram.Find("temporal");
        return official.Value;
    }

    /// <summary>
    /// A client of the embedded engine; with <c>VIRTENGINE_CONFORMANCE_SELF=1</c> the dev server takes its part, which shows whether the scenarios
    /// themselves always show the same.
    /// </summary>
    public Task<ITemporalClient> EmbeddedAsync() =>
        Environment.GetEnvironmentVariable("VIRTENGINE_CONFORMANCE_SELF") == "1" ? OfficialAsync() : embedded.Value;

    /// <summary>A client of the embedded engine, whatever is compared.</summary>
    public Task<ITemporalClient> OursAsync() => embedded.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (devServer is not null)
        {
            await devServer.DisposeAsync().ConfigureAwait(false);
        }

        if (engine is not null)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<ITemporalClient> StartOfficialAsync()
    {
        int port = FreePorts.Block(2);
        devServer = ChildProgram.Start(RequiredProgram.Find("temporal"),
        [
            "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", FormattableString.Invariant($"{port}"), "--log-level", "never",
            .. ConformanceAttributes.All.SelectMany(a => new[] { "--search-attribute", $"{a.Key}={a.Value}" }),
        ]);
        return await Eventually.GetAsync<ITemporalClient>("the dev server answers", TimeSpan.FromSeconds(30), async () =>
            await ConnectAsync(FormattableString.Invariant($"127.0.0.1:{port}")).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<ITemporalClient> StartEmbeddedAsync()
    {
        engine = await EmbeddedEngine.StartAsync(new EngineOptions(), CancellationToken.None).ConfigureAwait(false);
        ITemporalClient client = await ConnectAsync(engine.TargetHost, engine.AccessKey).ConfigureAwait(false);
        var request = new AddSearchAttributesRequest { Namespace = "default" };
        request.SearchAttributes.Add(ConformanceAttributes.All.ToDictionary());
        await client.Connection.OperatorService.AddSearchAttributesAsync(request).ConfigureAwait(false);
        return client;
    }

    /// <summary>A client of a server, quiet.</summary>
    public static async Task<ITemporalClient> ConnectAsync(string host, string? key = null)
    {
        var options = new TemporalClientConnectOptions(host) { Namespace = "default", Runtime = Quiet };
        if (key is not null)
        {
            options.RpcMetadata = [new("authorization", "Bearer " + key)];
        }

        return await TemporalClient.ConnectAsync(options).ConfigureAwait(false);
    }
}
