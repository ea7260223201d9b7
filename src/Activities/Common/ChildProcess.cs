using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace VirtEngine.DR.Activities.Common;

/// <summary>Runs a program to its end, with a deadline and bounded output. For answers of a second or so, never for a node.</summary>
internal static class ChildProcess
{
    private const int MaxOutput = 1 << 20;

    /// <summary>Runs the program; a deadline or a cancellation kills it (and only it).</summary>
    /// <exception cref="FileNotFoundException">The program is not there or not executable.</exception>
    /// <exception cref="TimeoutException">It did not end within the deadline.</exception>
    public static async Task<ChildResult> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Start(info);
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(deadline);
        try
        {
            var output = ReadAsync(process.StandardOutput, timeout.Token);
            var error = ReadAsync(process.StandardError, timeout.Token);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            return new ChildResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"'{program}' did not end within {deadline.TotalSeconds:0} s");
        }
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new FileNotFoundException($"'{info.FileName}' could not be started");
        }
        catch (Win32Exception e)
        {
            throw new FileNotFoundException($"'{info.FileName}' could not be started: {e.Message}", info.FileName, e);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (text.Length < MaxOutput)
            {
                text.Append(buffer, 0, read);
            }
        }

        return text.ToString();
    }
}
