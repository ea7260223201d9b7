using System.ComponentModel;
using System.Diagnostics;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>
/// Starts a program in a session of its own, its output in a file, so that it outlives the worker. A small shell waits in its place
/// until its record is on disk: a worker killed before that leaves a shell that reads the end of its input and goes, so there is
/// never a node without a record.
/// </summary>
internal static class DetachedLauncher
{
    /// <summary>What stands in the node's place until its record is on disk.</summary>
    public const string Script = "exec >>\"$0\" 2>&1; read -r go && [ \"$go\" = go ] || exit 0; exec \"$@\" </dev/null";
    private static readonly string[] Secrets = ["TEMPORAL_", "AWS_", "OTEL_", "VIRTENGINE_DR_"];

    /// <summary>Starts the command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="log">Where its output is appended to.</param>
    /// <param name="record">Makes the record durable; the program starts only after its return.</param>
    public static ProcessRecord Start(IReadOnlyList<string> command, string folder, string log, Action<ProcessRecord> record)
    {
        var info = new ProcessStartInfo("setsid", ["sh", "-c", Script, log, .. command])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (var name in info.Environment.Keys.Where(IsSecret).ToArray())
        {
            info.Environment.Remove(name);
        }

        var logFrom = File.Exists(log) ? new FileInfo(log).Length : 0;
        System.Diagnostics.Process shell;
        try
        {
            shell = System.Diagnostics.Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, $"'setsid' (util-linux) could not be started: {e.Message}", e);
        }

        using (shell)
        {
            // setsid replaces itself (a fresh child leads no group), so the id is the node's for its whole life.
            var stat = ProcFs.Stat(shell.Id) ?? throw Failures.Transient($"the process for '{command[0]}' ended at once; see '{log}'");
            var started = new ProcessRecord(shell.Id, stat.StartTime, ProcFs.BootId, command, DateTimeOffset.UtcNow, logFrom);
            record(started);
            shell.StandardInput.Write("go\n");
            shell.StandardInput.Close();
            return started;
        }
    }

    private static bool IsSecret(string name) => Secrets.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
