using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes.Process;

namespace VirtEngine.DR.Activities.Backups.Proving;

/// <summary>
/// A node of a scratch home. A small shell watches over it: when the pipe from this worker ends (asked to, or the worker was killed),
/// the node gets SIGTERM, and SIGKILL 20 s later: nothing of worth is in a scratch home.
/// </summary>
internal sealed class ScratchNode : IAsyncDisposable
{
    // The log is there before the id is said: who knows the process may read what it wrote.
    private const string Script =
        """
        : >>"$0"
        "$@" </dev/null >>"$0" 2>&1 &
        child=$!
        echo $child
        read -r _
        kill -TERM $child 2>/dev/null
        i=0
        while kill -0 $child 2>/dev/null && [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done
        kill -KILL $child 2>/dev/null
        wait $child 2>/dev/null
        """;

    private static readonly string[] OutOfMemory = ["out of memory", "outofmemory", "cannot allocate memory", "0x8007000E"];

    private readonly Process _watcher;
    private readonly string _log;

    private ScratchNode(Process watcher, int pid, string log) => (_watcher, Pid, _log) = (watcher, pid, log);

    /// <summary>The node's process.</summary>
    public int Pid { get; }

    /// <summary>True while the node runs.</summary>
    public bool Running => ProcFs.Stat(Pid) is not null;

    /// <summary>Starts the command.</summary>
    public static async Task<ScratchNode> StartAsync(IReadOnlyList<string> command, string folder, string log, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("sh", ["-c", Script, log, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        var watcher = Process.Start(info) ?? throw Failures.Transient("'sh' could not be started");
        try
        {
            var line = await watcher.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            return new ScratchNode(watcher, int.Parse(line ?? "", NumberStyles.None, CultureInfo.InvariantCulture), log);
        }
        catch
        {
            watcher.StandardInput.Close();
            watcher.Dispose();
            throw;
        }
    }

    /// <summary>Whether it ended because it was given no more memory: Go's, .NET's and the C library's words for it, or the kernel's own way.</summary>
    public bool RanOutOfMemory() => !Running && OutOfMemory.Any(words => Tail().Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>The end of its output.</summary>
    public string Tail()
    {
        using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, 4000), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watcher.StandardInput.Close();
        await _watcher.WaitForExitAsync().ConfigureAwait(false);
        _watcher.Dispose();
    }
}
