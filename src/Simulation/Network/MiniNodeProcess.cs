using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VirtEngine.DR.Simulation.Network;

/// <summary>A running small node, for tests and the demo. Disposing kills it.</summary>
public sealed class MiniNodeProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private readonly Process process;
    private readonly Task log;

    private MiniNodeProcess(MiniNode node, Process process)
    {
        Node = node;
        this.process = process;
        log = LogAsync(process.StandardOutput, Path.Combine(node.Home, "node.log"));
    }

    /// <summary>The node.</summary>
    public MiniNode Node { get; }

    /// <summary>Its process id.</summary>
    public int Pid => process.Id;

    /// <summary>True when the process has ended.</summary>
    public bool Ended => process.HasExited;

    /// <summary>Starts the node; output goes to <c>node.log</c> in its home. Returns when RPC answers.</summary>
    /// <exception cref="InvalidOperationException">It ended before it answered; the message has its last lines.</exception>
    public static async Task<MiniNodeProcess> StartAsync(MiniNode node, CancellationToken cancellationToken)
    {
        var command = node.StartCommand;
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true };
        var running = new MiniNodeProcess(node, Process.Start(start)!);
        using var http = new HttpClient { BaseAddress = node.Rpc, Timeout = TimeSpan.FromSeconds(1) };
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        do
        {
            if (running.Ended)
            {
                await running.DisposeAsync();
                var lines = await File.ReadAllLinesAsync(Path.Combine(node.Home, "node.log"), cancellationToken);
                throw new InvalidOperationException($"{node.Name} ended at once: {string.Join(" | ", lines.TakeLast(5))}");
            }

            try
            {
                using var reply = await http.GetAsync("health", cancellationToken);
                return running;
            }
            catch (Exception early) when (early is HttpRequestException or System.Net.Sockets.SocketException || (early is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                await pace.WaitForNextTickAsync(cancellationToken);
            }
            catch
            {
                await running.DisposeAsync();
                throw;
            }
        }
        while (true);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (!process.HasExited && Signal(process.Id, Terminate) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        await process.WaitForExitAsync(cancellationToken);
        await log;
        return process.ExitCode;
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static async Task LogAsync(StreamReader output, string path)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await output.BaseStream.CopyToAsync(file);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int pid, int signal);
}
