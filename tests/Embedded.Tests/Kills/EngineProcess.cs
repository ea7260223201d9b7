using Temporalio.Client;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>The engine in a process of its own, on one file and one port, that can be killed and started again.</summary>
public sealed class EngineProcess(string file, int breakEvery = 0) : IAsyncDisposable
{
    private readonly int port = FreePorts.Block(1);
    private ChildProgram? program;

    /// <summary>Where clients connect.</summary>
    public string TargetHost => FormattableString.Invariant($"127.0.0.1:{port}");

    /// <summary>Starts it and returns when it serves.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string host = Path.Combine(AppContext.BaseDirectory, "VirtEngine.DR.Embedded.Host.dll");
        program = ChildProgram.Start("dotnet", [host, file, FormattableString.Invariant($"{port}"), FormattableString.Invariant($"{breakEvery}")]);
        await Eventually.TrueAsync("the engine serves", TimeSpan.FromSeconds(30), () => program.HasExited
            ? throw new AggregateException($"the engine ended with {program.ExitCode}:\n{program.Output}")
            : Task.FromResult(program.Output.Contains("serving ", StringComparison.Ordinal)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        program!.Kill();
        await program.WaitAsync(cancellationToken).ConfigureAwait(false);
        await program.DisposeAsync().ConfigureAwait(false);
        program = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync().ConfigureAwait(false);
        }
    }
}
