using System.Diagnostics;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>This program, started once more as a process of its own.</summary>
internal sealed class OwnProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process process;
    private readonly Task log;

    private OwnProgram(Process process, string logFile)
    {
        this.process = process;
        log = Task.WhenAll(CopyAsync(process.StandardOutput, logFile), CopyAsync(process.StandardError, logFile + ".err"));
    }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => process.HasExited;

    /// <summary>Starts it; its output goes to the file (and <c>.err</c> beside it).</summary>
    public static OwnProgram Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        // Under `dotnet virtengine-dr.dll` the process is dotnet itself, and the assembly stands before the arguments.
        var program = Environment.ProcessPath!;
        var hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] prefix = hosted ? [Path.Combine(AppContext.BaseDirectory, "virtengine-dr.dll")] : [];
        var start = new ProcessStartInfo(program, [.. prefix, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new OwnProgram(process, logFile);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await TerminateAsync().ConfigureAwait(false);
        }

        await log.ConfigureAwait(false);
        process.Dispose();
    }

    private async Task TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync().ConfigureAwait(false);
        }

        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task CopyAsync(StreamReader from, string file)
    {
        await using var to = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await from.BaseStream.CopyToAsync(to).ConfigureAwait(false);
    }
}
