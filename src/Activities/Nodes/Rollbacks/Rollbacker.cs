using System.Globalization;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Nodes.Stores;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>Undoes one height exactly once. What decides is the stores, never the end of a program.</summary>
/// <param name="controls">The node's process.</param>
public sealed class Rollbacker(NodeControls controls)
{
    private const int Tail = 600;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    internal async Task<RollbackState> LookAsync(RollbackAct act, NodeHome home, CancellationToken token)
    {
        var ledger = RollbackLedger.Read(home);
        var stopped = await WhyNotStoppedAsync(act.Target, ledger, token).ConfigureAwait(false);
        var stores = stopped is null ? StoreReader.Read(act.Target.Node, home) : StoreReader.Unknown(stopped);
        var refusal = stopped
            ?? Foreign(act, ledger, stores)
            ?? (stores is { Blocks.Height: not null, State.Height: not null, Application.Height: not null } ? null : "its stores cannot be read: " + RollbackSights.Text(stores))
            ?? await new NodeBinary(act.Target.Chain.Commands).ProbeAsync(Template(act), token).ConfigureAwait(false);
        return new RollbackState(stores, Mine(act, ledger), refusal);
    }

    internal async Task<RollbackState> OneAsync(RollbackAct act, NodeHome home, IFence fence, CancellationToken token)
    {
        Check(act);
        var ledger = RollbackLedger.Read(home);
        foreach (var running in ledger.Entries.Where(entry => entry.IsOpen))
        {
            await EndedAsync(running, token).ConfigureAwait(false);
        }

        if (await WhyNotStoppedAsync(act.Target, ledger, token).ConfigureAwait(false) is { } why)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"{why}: only a stopped node is rolled back");
        }

        var stores = StoreReader.Read(act.Target.Node, home);
        if (Foreign(act, ledger, stores) is { } foreign)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, foreign);
        }

        fence.EnsureCurrent();
        ledger = Settle(act, ledger, stores, home);
        var mine = ledger.Entries.LastOrDefault(entry => IsMine(act, entry) && entry.FromHeight == act.FromHeight && entry.Hard == act.Hard && !entry.Void);
        var sight = RollbackSights.Of(stores, act.FromHeight, act.Hard);
        if (mine is not null && sight == RollbackSight.Done)
        {
            return Complete(act, home, ledger, mine, stores);
        }

        if (mine is { IsOpen: false })
        {
            throw Failures.Permanent(
                ErrorTypes.Forbidden,
                $"this run has undone height {act.FromHeight} of '{act.Target.Node.Name}' already, and the stores have moved since ({RollbackSights.Text(stores)}): once a height. With the same binary the same error returns");
        }

        RefuseUnlessBefore(act, sight, stores);
        var done = ledger.Entries.Count(entry => IsMine(act, entry) && !entry.Void);
        if (mine is null && done >= act.Most)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, $"this run has undone {done} heights of '{act.Target.Node.Name}', and {act.Most} are allowed");
        }

        if (await new NodeBinary(act.Target.Chain.Commands).ProbeAsync(Template(act), token).ConfigureAwait(false) is { } missing)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, missing);
        }

        var (written, entry) = Start(act, home, fence, ledger, mine);
        await EndedAsync(entry, token).ConfigureAwait(false);
        return Judge(act, home, written, entry);
    }

    private static void Check(RollbackAct act)
    {
        var problems = new List<string>();
        if (act.FromHeight < 2)
        {
            problems.Add($"fromHeight is {act.FromHeight}; it must be 2 or more");
        }

        if (act.Most < 1)
        {
            problems.Add($"most is {act.Most}; it must be 1 or more");
        }

        if (problems.Count > 0)
        {
            throw Failures.Invalid(problems);
        }
    }

    private static void RefuseUnlessBefore(RollbackAct act, RollbackSight sight, NodeStores stores)
    {
        var heights = RollbackSights.Text(stores);
        var plain = act is { Hard: false } && stores.State.Height == act.FromHeight - 1 && stores.Application.Height == act.FromHeight - 1;
        var why = sight switch
        {
            RollbackSight.Before => null,
            RollbackSight.Unknown => $"its stores cannot be read ({heights}): what a rollback would do to them is not known. Restore it instead",
            RollbackSight.Torn => $"a rollback from {act.FromHeight} was cut off after the state and before the application ({heights}): again it would undo a second height in two of three stores. Restore it instead",
            _ when plain => $"block {act.FromHeight} is stored and not executed ({heights}): the node executes it when it starts, and a plain rollback would do nothing",
            _ => $"it was expected at height {act.FromHeight} and is at another ({heights}): observe it again",
        };
        if (why is not null)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"'{act.Target.Node.Name}' is not rolled back: {why}");
        }
    }

    private static (RollbackLedger Ledger, RollbackEntry Entry) Start(RollbackAct act, NodeHome home, IFence fence, RollbackLedger ledger, RollbackEntry? former)
    {
        RollbackEntry? entry = null;
        var written = ledger;
        fence.EnsureCurrent();
        IReadOnlyList<string> command = [act.Target.Chain.Commands.Binary, .. CommandTemplate.Render(Template(act), home.Path)];
        DetachedLauncher.Start(command, home.Path, RollbackLedger.LogIn(home), process =>
        {
            entry = new RollbackEntry(act.Key.WorkflowId, act.Key.FirstRunId, act.FromHeight, act.Hard, former?.At ?? DateTimeOffset.UtcNow, process, DoneAt: null);
            written = former is null ? ledger.With(entry) : ledger.With(former, entry);
            written.Write(home);
            fence.EnsureCurrent();
        });
        return (written, entry!);
    }

    private static RollbackState Judge(RollbackAct act, NodeHome home, RollbackLedger ledger, RollbackEntry entry)
    {
        var stores = StoreReader.Read(act.Target.Node, home);
        return RollbackSights.Of(stores, act.FromHeight, act.Hard) == RollbackSight.Done
            ? Complete(act, home, ledger, entry, stores)
            : throw Failures.Permanent(
                ErrorTypes.Conflict,
                $"the rollback of '{act.Target.Node.Name}' from {act.FromHeight} ended and the stores are not one lower ({RollbackSights.Text(stores)}). It said: {Said(home, entry)}");
    }

    private static RollbackState Complete(RollbackAct act, NodeHome home, RollbackLedger ledger, RollbackEntry entry, NodeStores stores)
    {
        if (entry.IsOpen)
        {
            // A worker that runs as root would else leave tables that the node cannot open.
            Ownership.Match(home.Data, home.Data);
            ledger = ledger.With(entry, entry with { DoneAt = DateTimeOffset.UtcNow });
            ledger.Write(home);
        }

        return new RollbackState(stores, Mine(act, ledger), null);
    }

    /// <summary>What an earlier run left open is closed by what the stores show: the run cannot come back, for this one has acted since.</summary>
    private static RollbackLedger Settle(RollbackAct act, RollbackLedger ledger, NodeStores stores, NodeHome home)
    {
        foreach (var open in ledger.Entries.Where(entry => entry.IsOpen && !IsMine(act, entry)).ToArray())
        {
            var done = RollbackSights.Of(stores, open.FromHeight, open.Hard) == RollbackSight.Done;
            ledger = ledger.With(open, done ? open with { DoneAt = DateTimeOffset.UtcNow } : open with { Void = true });
            ledger.Write(home);
        }

        return ledger;
    }

    /// <summary>Another run's rollback that cannot be told done from not done.</summary>
    private static string? Foreign(RollbackAct act, RollbackLedger ledger, NodeStores stores) => ledger.Entries
        .Where(entry => entry.IsOpen && !IsMine(act, entry) && (entry.IsRunning || RollbackSights.Of(stores, entry.FromHeight, entry.Hard) is RollbackSight.Unknown or RollbackSight.Torn))
        .Select(entry => $"run {entry.WorkflowId} began to undo height {entry.FromHeight} and {(entry.IsRunning ? $"its command still runs (process {entry.Process.Pid})" : $"did not finish ({RollbackSights.Text(stores)})")}")
        .FirstOrDefault();

    private static IReadOnlyList<RolledBack> Mine(RollbackAct act, RollbackLedger ledger) =>
        [.. ledger.Entries.Where(entry => IsMine(act, entry) && !entry.Void).Select(entry => new RolledBack(entry.FromHeight, entry.Hard, entry.At, entry.DoneAt))];

    private static bool IsMine(RollbackAct act, RollbackEntry entry) => entry.WorkflowId == act.Key.WorkflowId && entry.FirstRunId == act.Key.FirstRunId;

    private static IReadOnlyList<string> Template(RollbackAct act) => act.Hard ? act.Target.Chain.Commands.RollbackHard : act.Target.Chain.Commands.Rollback;

    /// <summary>Waits without a limit: a rollback that is cut off is worse than a slow one.</summary>
    private static async Task EndedAsync(RollbackEntry entry, CancellationToken token)
    {
        while (entry.IsRunning)
        {
            await Task.Delay(Poll, token).ConfigureAwait(false);
        }
    }

    private static string Said(NodeHome home, RollbackEntry entry)
    {
        using var log = new FileStream(RollbackLedger.LogIn(home), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(Math.Max(Math.Min(entry.Process.LogFrom, log.Length), log.Length - Tail), SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd().Trim() is { Length: > 0 } said ? said : string.Create(CultureInfo.InvariantCulture, $"nothing (process {entry.Process.Pid})");
    }

    private async Task<string?> WhyNotStoppedAsync(NodeTarget target, RollbackLedger ledger, CancellationToken token)
    {
        if (ledger.Entries.FirstOrDefault(entry => entry.IsOpen && entry.IsRunning) is { } running)
        {
            return $"a rollback of '{target.Node.Name}' runs (process {running.Process.Pid}, run {running.WorkflowId})";
        }

        var process = await controls.For(target.Node).ObserveAsync(target, token).ConfigureAwait(false);
        return process.State == ProcessState.Stopped ? null
            : $"'{target.Node.Name}' is {process.State.ToString().ToLowerInvariant()}{(process.Pid is { } pid ? $" (process {pid})" : "")}{string.Concat(process.Notes.Select(note => "; " + note))}";
    }
}
