using Temporalio.Client;
using VirtEngine.DR.Embedded.Tests.Cli;
using VirtEngine.DR.Embedded.Tests.Conformance;
using VirtEngine.DR.Tests.Shared;
using Xunit;

[assembly: AssemblyFixture(typeof(CliEngine))]

namespace VirtEngine.DR.Embedded.Tests.Cli;

/// <summary>An engine with a file and a key, and the official CLI that is pointed at it.</summary>
public sealed class CliEngine : IAsyncDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly Lazy<Task<(EmbeddedEngine Engine, ITemporalClient Client)>> running;

    public CliEngine() => running = new(() => Task.Run(StartAsync));

    /// <summary>A client with the key.</summary>
    public async Task<ITemporalClient> ClientAsync() => (await running.Value.ConfigureAwait(false)).Client;

    /// <summary>Runs the CLI with the key and returns what it printed; throws when it fails.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        EmbeddedEngine engine = (await running.Value.ConfigureAwait(false)).Engine;
        return await RunAsync(["--grpc-meta", $"authorization=Bearer {engine.AccessKey}"], arguments).ConfigureAwait(false);
    }

    /// <summary>Runs the CLI with options of its own before the address.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> options, string[] arguments)
    {
        string program = RequiredProgram.Find("temporal");
        EmbeddedEngine engine = (await running.Value.ConfigureAwait(false)).Engine;
        return await ChildProgram.RunAsync(
            program,
            [.. arguments, "--address", engine.TargetHost, .. options, "--output", "json", "--disable-config-file", "--command-timeout", "20s"],
            new Dictionary<string, string> { ["HOME"] = folder.Path },
            cancellationToken: TestContext.Current.CancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (running.IsValueCreated)
        {
            await (await running.Value.ConfigureAwait(false)).Engine.DisposeAsync().ConfigureAwait(false);
        }

        folder.Dispose();
    }

    private async Task<(EmbeddedEngine Engine, ITemporalClient Client)> StartAsync()
    {
        EmbeddedEngine engine = await EmbeddedEngine.StartAsync(
            new EngineOptions { DataFile = folder["engine.db"], KeyFile = folder["engine.key"], RequireKey = true }, CancellationToken.None).ConfigureAwait(false);
        return (engine, await Servers.ConnectAsync(engine.TargetHost, engine.AccessKey).ConfigureAwait(false));
    }
}
