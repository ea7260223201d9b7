using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Nodes.Systemd;

/// <summary>A unit's journal in a file: the newest lines, over all its starts.</summary>
internal static class JournalExport
{
    private const int Lines = 500_000;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    /// <summary>Writes the file.</summary>
    public static async Task WriteAsync(string journal, string unit, string file, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(
            journal, ["--no-pager", "--quiet", "--output=short-iso-precise", "--lines=" + Lines.ToString(CultureInfo.InvariantCulture), "--unit=" + unit])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Start(info);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Within);
        try
        {
            var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None);
            await using (target.ConfigureAwait(false))
            {
                await process.StandardOutput.BaseStream.CopyToAsync(target, timeout.Token).ConfigureAwait(false);
            }

            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: false);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failures.Transient($"'{journal}' did not end within {Within.TotalMinutes:0} min");
        }

        if (process.ExitCode != 0)
        {
            throw Failures.Transient($"'{journal} --unit={unit}' ended with {process.ExitCode}");
        }
    }

    private static System.Diagnostics.Process Start(ProcessStartInfo info)
    {
        try
        {
            return System.Diagnostics.Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"'{info.FileName}' could not be started: {e.Message}", e);
        }
    }
}
