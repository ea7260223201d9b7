using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Nodes.Systemd;

/// <summary>
/// A node that systemd keeps. Only <c>systemctl show</c> (properties, never its human output), <c>stop</c> and <c>start</c> are used.
/// </summary>
/// <param name="program">The <c>systemctl</c> to call.</param>
/// <param name="journal">The <c>journalctl</c> to call.</param>
public sealed class SystemdNodeControl(string program = "systemctl", string journal = "journalctl") : INodeControl
{
    private static readonly string[] Properties = ["LoadState", "ActiveState", "SubState", "MainPID", "FreezerState"];
    private static readonly TimeSpan ShowWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public string Type => "systemd";

    /// <inheritdoc/>
    public async Task<ProcessView> ObserveAsync(NodeTarget target, CancellationToken cancellationToken)
    {
        var unit = Unit(target);
        var shown = await RunAsync(["show", unit, "--property=" + string.Join(',', Properties)], ShowWithin, cancellationToken).ConfigureAwait(false);
        if (shown.ExitCode != 0)
        {
            return new ProcessView(ProcessState.Unknown, null, [$"systemctl show {unit} ended with {shown.ExitCode}: {shown.FirstLine}"]);
        }

        var values = shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last()[1].Trim(), StringComparer.Ordinal);
        if (values.GetValueOrDefault("LoadState") == "not-found")
        {
            throw Failures.Permanent(ErrorTypes.NotFound, $"systemd knows no unit '{unit}'; set control.unit of '{target.Node.Name}' in the estate");
        }

        int? pid = int.TryParse(values.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : null;
        return View(target, unit, values, pid);
    }

    /// <inheritdoc/>
    public async Task<string?> GateProblemAsync(NodeTarget target, SignerName signer, CancellationToken cancellationToken)
    {
        var shown = await RunAsync(["show", Unit(target), "--property=ExecStart"], ShowWithin, cancellationToken).ConfigureAwait(false);
        return shown.ExitCode == 0 ? GateInstalled.ProblemOfUnit(shown.Output, signer) : $"systemctl show {Unit(target)} ended with {shown.ExitCode}: {shown.FirstLine}";
    }

    /// <inheritdoc/>
    public Task StopAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => EndAsync(target, fence, endsHung: false, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>systemd sends SIGCONT right after SIGTERM by itself.</remarks>
    public Task EndHungAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => EndAsync(target, fence, endsHung: true, cancellationToken);

    private async Task EndAsync(NodeTarget target, IFence fence, bool endsHung, CancellationToken cancellationToken)
    {
        var view = await ObserveAsync(target, cancellationToken).ConfigureAwait(false);
        if (view.State == ProcessState.Stopped)
        {
            return;
        }

        if (!(endsHung && view.Hung))
        {
            Refuse(target, view);
        }

        fence.EnsureCurrent();
        await ActAsync("stop", target, target.Node.Control.StopTimeout, cancellationToken).ConfigureAwait(false);
        view = await ObserveAsync(target, cancellationToken).ConfigureAwait(false);
        if (view.State != ProcessState.Stopped)
        {
            throw Failures.Permanent(ErrorTypes.Deadline, $"'{Unit(target)}' is still {view.State} after 'systemctl stop': {string.Join("; ", view.Notes)}");
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken)
    {
        var view = await ObserveAsync(target, cancellationToken).ConfigureAwait(false);
        if (view.State == ProcessState.Running)
        {
            return;
        }

        Refuse(target, view);
        fence.EnsureCurrent();
        await ActAsync("start", target, StartWithin, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<string?> LogAsync(NodeTarget target, int bytes, CancellationToken cancellationToken)
    {
        // An invocation is one start of the unit, and its id outlives the process.
        var shown = await RunAsync(["show", Unit(target), "--property=InvocationID", "--value"], ShowWithin, cancellationToken).ConfigureAwait(false);
        var invocation = shown.Output.Trim();
        if (shown.ExitCode != 0 || invocation.Length == 0)
        {
            return null;
        }

        string[] arguments = ["--no-pager", "--quiet", "--output=cat", "--lines=2000", "_SYSTEMD_INVOCATION_ID=" + invocation];
        var lines = await CallAsync(journal, arguments, ShowWithin, cancellationToken).ConfigureAwait(false);
        return lines.ExitCode == 0 ? lines.Output[^Math.Min(lines.Output.Length, bytes)..] : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> LogFilesAsync(NodeTarget target, string folder, CancellationToken cancellationToken)
    {
        var unit = Unit(target);
        var file = Path.Combine(folder, unit.Replace('/', '_') + ".log");
        await JournalExport.WriteAsync(journal, unit, file, cancellationToken).ConfigureAwait(false);
        return [file];
    }

    /// <inheritdoc/>
    public async Task<(uint User, uint Group)?> OwnerAsync(NodeTarget target, CancellationToken cancellationToken)
    {
        var unit = Unit(target);
        var shown = await RunAsync(["show", unit, "--property=User,Group"], ShowWithin, cancellationToken).ConfigureAwait(false);
        if (shown.ExitCode != 0)
        {
            throw Failures.Transient($"systemctl show {unit} ended with {shown.ExitCode}: {shown.FirstLine}");
        }

        return UnitOwner.Of(unit, shown.Output);
    }

    private static ProcessView View(NodeTarget target, string unit, Dictionary<string, string> values, int? pid)
    {
        var active = values.GetValueOrDefault("ActiveState", "");
        var notes = new List<string>();
        if (values.GetValueOrDefault("FreezerState") is "frozen" or "freezing" || (pid is { } main && ProcFs.IsFrozen(main)))
        {
            return new ProcessView(ProcessState.Frozen, pid, [$"unit {unit} is frozen"])
            {
                Hung = values.GetValueOrDefault("FreezerState") is not ("frozen" or "freezing") && pid is { } stopped && ProcFs.IsHung(stopped),
            };
        }

        switch (active)
        {
            case "active" or "activating" or "reloading" or "deactivating" or "refreshing":
                // "activating (auto-restart)" has no process for the moment and will have one: it is not stopped.
                return new ProcessView(ProcessState.Running, pid, active == "active" ? [] : [$"unit {unit} is {active} ({values.GetValueOrDefault("SubState")})"]);
            case "inactive" or "failed":
                var (holders, _) = LockHolders.Find(NodeHome.Of(target.Node).Data);
                if (holders is [var holder, ..])
                {
                    notes.Add($"unit {unit} is {active}, but process {holder} holds the databases");
                    return new ProcessView(ProcFs.IsFrozen(holder) ? ProcessState.Frozen : ProcessState.Running, holder, notes);
                }

                return new ProcessView(ProcessState.Stopped, null, active == "failed" ? [$"unit {unit} has failed ({values.GetValueOrDefault("SubState")})"] : []);
            default:
                return new ProcessView(ProcessState.Unknown, pid, [$"unit {unit} has ActiveState '{active}'"]);
        }
    }

    private static void Refuse(NodeTarget target, ProcessView view)
    {
        if (view.State == ProcessState.Frozen)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"'{target.Node.Name}' stands still: somebody froze it on purpose. Thaw it yourself (systemctl thaw), then retry");
        }

        if (view.State == ProcessState.Unknown)
        {
            throw Failures.Transient($"it could not be found out whether '{target.Node.Name}' runs: {string.Join("; ", view.Notes)}");
        }
    }

    private static string Unit(NodeTarget target) =>
        string.IsNullOrEmpty(target.Node.Control.Unit)
            ? throw Failures.Permanent(ErrorTypes.NotConfigured, $"'{target.Node.Name}' is kept by systemd and names no control.unit")
            : target.Node.Control.Unit;

    private async Task ActAsync(string verb, NodeTarget target, TimeSpan within, CancellationToken cancellationToken)
    {
        var result = await RunAsync([verb, Unit(target)], within, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw Failures.Transient($"systemctl {verb} {Unit(target)} ended with {result.ExitCode}: {result.FirstLine}");
        }
    }

    private Task<ChildResult> RunAsync(IEnumerable<string> arguments, TimeSpan within, CancellationToken cancellationToken) =>
        CallAsync(program, ["--no-ask-password", .. arguments], within, cancellationToken);

    private static async Task<ChildResult> CallAsync(string command, IReadOnlyList<string> arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            return await ChildProcess.RunAsync(command, arguments, within, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException e)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, e.Message, e);
        }
        catch (TimeoutException e)
        {
            throw Failures.Permanent(ErrorTypes.Deadline, e.Message, e);
        }
    }
}
