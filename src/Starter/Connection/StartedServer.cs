using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Temporalio.Client;
using Temporalio.Testing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>
/// A Temporal server for the demo, where none is named: <c>temporal</c> on PATH, else the SDK's download, else an error that says both
/// ways. It ends when it is disposed and keeps nothing.
/// </summary>
internal sealed class StartedServer : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private readonly Process? process;
    private readonly WorkflowEnvironment? environment;
    private readonly TextWriter? log;

    private StartedServer(ServerAddress address, Process? process, WorkflowEnvironment? environment, TextWriter? log)
    {
        Address = address;
        this.process = process;
        this.environment = environment;
        this.log = log;
    }

    /// <summary>Where it is.</summary>
    public ServerAddress Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="path">The PATH to search.</param>
    /// <param name="logFile">Where its output goes.</param>
    /// <param name="cancellationToken">Stops waiting and ends it.</param>
    public static async Task<StartedServer> StartAsync(string? path, string logFile, CancellationToken cancellationToken) =>
        Find(path) is { } program
            ? await FromProgramAsync(program, logFile, cancellationToken).ConfigureAwait(false)
            : await FromDownloadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The program's path, or null.</summary>
    public static string? Find(string? path) =>
        path?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "temporal")).FirstOrDefault(File.Exists);

    private static async Task<StartedServer> FromProgramAsync(string program, string logFile, CancellationToken cancellationToken)
    {
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var address = new ServerAddress("127.0.0.1:" + port, Names.Namespace, null, null, "started here: " + program);
        var start = new ProcessStartInfo(
            program, ["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port, "--log-level", "error"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var log = TextWriter.Synchronized(new StreamWriter(logFile) { AutoFlush = true });
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        var server = new StartedServer(address, process, null, log);
        try
        {
            await server.ReadyAsync(logFile, cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<StartedServer> FromDownloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var environment = await WorkflowEnvironment.StartLocalAsync(new WorkflowEnvironmentStartLocalOptions
            {
                DataConverter = DrDataConverter.Instance,
                DevServerOptions = new DevServerOptions { LogLevel = "error" },
            }).WaitAsync(cancellationToken).ConfigureAwait(false);
            var target = environment.Client.Connection.Options.TargetHost!;
            return new StartedServer(
                new ServerAddress(target, environment.Client.Options.Namespace, null, null, "started here: downloaded by the SDK"), null, environment, null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException)
        {
            throw new CliException(
                ErrorTable.ServerUnreachable,
                "A Temporal server is needed and none could be started. Either put the program 'temporal' on PATH (https://docs.temporal.io/cli), or allow "
                + "this machine to download it, or name a server by --address. The download said: " + exception.Message,
                exception);
        }
    }

    private async Task ReadyAsync(string logFile, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyWithin);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        Exception? last = null;
        try
        {
            while (await pace.WaitForNextTickAsync(limit.Token).ConfigureAwait(false))
            {
                if (process!.HasExited)
                {
                    throw new CliException(ErrorTable.ServerUnreachable, $"'{process.StartInfo.FileName} server start-dev' ended at once; see {logFile}");
                }

                try
                {
                    // The port opens a little before the namespace is there: a listing needs both.
                    var client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(Address.Address)).WaitAsync(limit.Token)
                        .ConfigureAwait(false);
                    await client.CountWorkflowsAsync("", new WorkflowCountOptions { Rpc = new RpcOptions { CancellationToken = limit.Token } })
                        .ConfigureAwait(false);
                    return;
                }
                catch (Exception early) when (early is InvalidOperationException or Temporalio.Exceptions.RpcException)
                {
                    last = early;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ErrorTable.ServerUnreachable, $"The server at {Address.Address} was not ready within 30 s; see {logFile}", last);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (environment is not null)
        {
            await environment.DisposeAsync().ConfigureAwait(false);
        }

        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync().ConfigureAwait(false);
            process.Dispose();
        }

        if (log is not null)
        {
            await log.DisposeAsync().ConfigureAwait(false);
        }
    }
}
