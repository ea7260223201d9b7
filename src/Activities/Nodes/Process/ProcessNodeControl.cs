using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>A process that the node worker supervises: started once, known again by id, start time and boot, never killed.</summary>
public sealed class ProcessNodeControl : INodeControl
{
    private const long MaxLog = 64L << 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ExecWithin = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Type => "process";

    /// <inheritdoc/>
    public Task<ProcessView> ObserveAsync(NodeTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = Find(NodeHome.Of(target.Node));
        return Task.FromResult(new ProcessView(found.State, found.Processes.Count > 0 ? found.Processes[0].Pid : null, found.Notes) { Hung = found.Hung });
    }

    /// <inheritdoc/>
    public Task StopAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => EndAsync(target, fence, endsHung: false, cancellationToken);

    /// <inheritdoc/>
    public Task EndHungAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken) => EndAsync(target, fence, endsHung: true, cancellationToken);

    private static async Task EndAsync(NodeTarget target, IFence fence, bool endsHung, CancellationToken cancellationToken)
    {
        var home = NodeHome.Of(target.Node);
        var found = Find(home);
        if (found.State == ProcessState.Frozen && !(endsHung && found.Hung))
        {
            throw Failures.Permanent(
                ErrorTypes.Conflict, $"process {found.Processes[0].Pid} of '{target.Node.Name}' stands still: somebody stopped it on purpose. Let it go on (kill -CONT) or end it yourself, then retry");
        }

        foreach (var (pid, startTime) in found.Processes)
        {
            using var handle = Open(pid, startTime);
            fence.EnsureCurrent();
            Terminate(handle, found.Hung);
        }

        var deadline = DateTime.UtcNow + target.Node.Control.StopTimeout;
        while (found.State != ProcessState.Stopped)
        {
            if (DateTime.UtcNow > deadline)
            {
                throw Failures.Permanent(
                    ErrorTypes.Deadline,
                    $"'{target.Node.Name}' ({found.Describe()}) did not end within {target.Node.Control.StopTimeout.TotalSeconds:0} s of SIGTERM. It is never killed by us: its databases would be cut off; look at it, then retry");
            }

            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);

            // Looked for anew each time: a wrapper may end before the child that holds the databases does.
            found = Find(home);
        }

        // Its record stays: it tells where in the log the last start begins, and no later process can be taken for it.
    }

    /// <inheritdoc/>
    public async Task StartAsync(NodeTarget target, IFence fence, CancellationToken cancellationToken)
    {
        var home = NodeHome.Of(target.Node);
        var found = Find(home);
        switch (found.State)
        {
            case ProcessState.Running:
                return;
            case ProcessState.Frozen:
                throw Failures.Permanent(ErrorTypes.Conflict, $"process {found.Processes[0].Pid} of '{target.Node.Name}' stands still: somebody stopped it on purpose; a second one is never started beside it");
            case ProcessState.Unknown:
                throw Failures.Transient($"it could not be found out whether '{target.Node.Name}' runs: {string.Join("; ", found.Notes)}");
        }

        var log = LogPath(home);
        Rotate(log);
        fence.EnsureCurrent();
        var started = DetachedLauncher.Start(GateInstalled.Words(target.Node, target.Chain), home.Path, log, record =>
        {
            DurableFile.WriteJson(RecordPath(home), record);
            fence.EnsureCurrent();
        });
        await ConfirmAsync(started, log, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<string?> LogAsync(NodeTarget target, int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var home = NodeHome.Of(target.Node);
        return Task.FromResult(File.Exists(LogPath(home)) ? Tail(LogPath(home), bytes, DurableFile.ReadJson<ProcessRecord>(RecordPath(home))?.LogFrom ?? 0) : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> LogFilesAsync(NodeTarget target, string folder, CancellationToken cancellationToken)
    {
        var log = LogPath(NodeHome.Of(target.Node));
        return Task.FromResult<IReadOnlyList<string>>([.. new[] { log, log + ".1" }.Where(File.Exists)]);
    }

    /// <inheritdoc/>
    public Task<string?> GateProblemAsync(NodeTarget target, SignerName signer, CancellationToken cancellationToken) =>
        Task.FromResult(GateInstalled.ProblemOfProcess(target.Node, target.Chain, signer));

    internal static string LogPath(NodeHome home) => Path.Combine(home.Private, "node.log");

    internal static string RecordPath(NodeHome home) => Path.Combine(home.Private, "process.json");

    private static FoundProcesses Find(NodeHome home)
    {
        var notes = new List<string>();
        var processes = new List<(int Pid, ulong StartTime)>();
        ProcessRecord? record;
        try
        {
            record = DurableFile.ReadJson<ProcessRecord>(RecordPath(home));
        }
        catch (InvalidDataException e)
        {
            return new FoundProcesses(ProcessState.Unknown, [], [e.Message]);
        }

        if (record is not null && record.BootId == ProcFs.BootId && ProcFs.Stat(record.Pid)?.StartTime == record.StartTime)
        {
            processes.Add((record.Pid, record.StartTime));
        }

        var (holders, hidden) = LockHolders.Find(home.Data);
        foreach (var holder in holders.Where(pid => processes.All(process => process.Pid != pid)))
        {
            if (ProcFs.Stat(holder) is { } stat)
            {
                notes.Add($"process {holder} holds the databases and was not started by this engine");
                processes.Add((holder, stat.StartTime));
            }
        }

        if (processes.Count == 0)
        {
            return hidden > 0
                ? new FoundProcesses(ProcessState.Unknown, [], [$"{hidden} processes of other users cannot be looked at: run the node worker as the node's user or root"])
                : new FoundProcesses(ProcessState.Stopped, [], notes);
        }

        var frozen = processes.Any(process => ProcFs.IsFrozen(process.Pid));
        return new FoundProcesses(frozen ? ProcessState.Frozen : ProcessState.Running, processes, notes);
    }

    private static PidHandle? Open(int pid, ulong startTime)
    {
        try
        {
            return PidHandle.Open(pid, startTime);
        }
        catch (IOException e)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, e.Message, e);
        }
    }

    private static void Terminate(PidHandle? handle, bool hung)
    {
        try
        {
            handle?.Terminate();
            if (hung)
            {
                handle?.Continue();
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, e.Message, e);
        }
    }

    private static async Task ConfirmAsync(ProcessRecord started, string log, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + ExecWithin;
        while (ProcFs.Stat(started.Pid)?.StartTime == started.StartTime)
        {
            if (ProcFs.CommandLine(started.Pid) is { Count: > 0 } arguments && !arguments.Contains(DetachedLauncher.Script))
            {
                return;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw Failures.Transient($"process {started.Pid} did not become '{started.Command[0]}' within {ExecWithin.TotalSeconds:0} s; see '{log}'");
            }

            await Task.Delay(10, cancellationToken).ConfigureAwait(false);
        }

        throw Failures.Permanent(ErrorTypes.Unavailable, $"'{started.Command[0]}' ended at once; the end of '{log}' says why: {Tail(log, 400)}");
    }

    private static string Tail(string log, int bytes, long from = 0)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Max(from <= file.Length ? from : 0, file.Length - bytes), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }

    private static void Rotate(string log)
    {
        if (File.Exists(log) && new FileInfo(log).Length > MaxLog)
        {
            File.Move(log, log + ".1", overwrite: true);
        }
    }

    private sealed record FoundProcesses(ProcessState State, IReadOnlyList<(int Pid, ulong StartTime)> Processes, IReadOnlyList<string> Notes)
    {
        /// <summary>A signal stopped what stands still, and nothing else holds it.</summary>
        public bool Hung => State == ProcessState.Frozen && Processes.All(process => !ProcFs.IsFrozen(process.Pid) || ProcFs.IsHung(process.Pid));

        public string Describe() => Processes.Count > 0 ? $"process {Processes[0].Pid}" : string.Join("; ", Notes);
    }
}
