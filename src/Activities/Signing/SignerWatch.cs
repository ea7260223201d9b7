using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>What a watch found.</summary>
/// <param name="Node">The node.</param>
/// <param name="Alarm">The alarm that stands; null when there is none.</param>
/// <param name="Problem">Why the watch does not see enough; null when it does.</param>
public sealed record SignerWatchState(string Node, AlarmRecord? Alarm, string? Problem);

/// <summary>
/// Watches one node's signer on its own host, without a run and without a server: where two processes sign with its key, this one is stopped at once, its gate
/// starts nothing until two people cleared the alarm, and somebody is told.
/// </summary>
/// <param name="target">The node.</param>
/// <param name="controls">Stops it.</param>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="page">Tells people.</param>
/// <param name="channels">Whom.</param>
/// <param name="time">The clock.</param>
public sealed class SignerWatch(
    NodeTarget target, NodeControls controls, IChainRpcFactory rpcs, Func<Notification, Task<IReadOnlyList<NotifyReceipt>>> page, IReadOnlyList<ChannelSpec> channels, TimeProvider time)
{
    private const int LogBytes = 256 * 1024;

    /// <summary>A vote that was cast before the fence may stand in the next block.</summary>
    private const int Slack = 2;

    private static readonly TimeSpan ChainEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PageEvery = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private EvidenceWitnesses? evidence;
    private IReadOnlyList<EvidenceSight> shown = [];
    private IReadOnlyList<RpcSight> sights = [];
    private long? nobodySince;
    private DateTimeOffset nextChain;
    private DateTimeOffset nextPage;

    private string Node => target.Node.Name;

    /// <summary>Looks once, and acts on what it sees.</summary>
    public async Task<SignerWatchState> TickAsync(CancellationToken cancellationToken)
    {
        if (!SignerSite.TryOpen(target, null, rpcs, out var site, out _, out var why))
        {
            return new(Node, null, why);
        }

        AlarmBook book;
        try
        {
            book = site.Host.Alarms.Read();
        }
        catch (InvalidDataException e)
        {
            await SuspectAsync(site, [new(AlarmKind.OwnLog, e.Message, "torn")]).ConfigureAwait(false);
            return new(Node, null, e.Message);
        }

        var (log, problem) = await LogAsync(cancellationToken).ConfigureAwait(false);
        var decision = AlarmRules.Decide(new AlarmObservation { OwnLog = log, Cleared = book.Marks });
        if (decision.Stop.Count == 0 && time.GetUtcNow() >= nextChain)
        {
            // The log first and alone: it must not wait for an RPC that does not answer.
            await ChainAsync(site, cancellationToken).ConfigureAwait(false);
            nextChain = time.GetUtcNow() + ChainEvery;
            decision = AlarmRules.Decide(new AlarmObservation { OwnLog = log, Evidence = shown, NobodySince = nobodySince, Rpcs = sights, Cleared = book.Marks });
            await SuspectAsync(site, decision.Suspicions).ConfigureAwait(false);
        }

        if (decision.Stop.Any(reason => book.Current?.Reasons.All(known => known.Mark != reason.Mark) ?? true))
        {
            // On the disk before anything is stopped: from here on the gate starts nothing, whoever restarts it.
            book = site.Host.Alarms.Raise(decision.Stop, time.GetUtcNow());
        }

        if (book.Current is null)
        {
            return new(Node, null, problem);
        }

        book = await StopAsync(site, book.Current, cancellationToken).ConfigureAwait(false);
        return new(Node, await PageAsync(site, book).ConfigureAwait(false), problem);
    }

    private async Task<(IReadOnlyList<string> Lines, string? Problem)> LogAsync(CancellationToken cancellationToken)
    {
        try
        {
            var log = await controls.For(target.Node).LogAsync(target, LogBytes, cancellationToken).ConfigureAwait(false);
            return ([.. LogSymptoms.Read(log).Where(symptom => symptom.Kind == Symptoms.ConflictingVote).Select(symptom => symptom.Line)], log is null ? "no log of the node can be read" : null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ([], "the node's log cannot be read: " + e.Message);
        }
    }

    private async Task ChainAsync(SignerSite site, CancellationToken cancellationToken)
    {
        evidence ??= new EvidenceWitnesses(site.Rpcs, rpcs);
        shown = await evidence.LookAsync(site.Signer, cancellationToken).ConfigureAwait(false);
        if (Fenced(site) is not { } record)
        {
            (nobodySince, sights) = (null, []);
            return;
        }

        var seen = await site.Witnesses.LookAsync(site.Signer, nobodySince ?? long.MaxValue - 1, cancellationToken).ConfigureAwait(false);

        // The register after the chain: whoever signed was granted before.
        var view = await site.Register.ReadAsync(site.Signer, cancellationToken).ConfigureAwait(false);
        if (!view.Answers || site.Host.Rules.PossibleHolders(view, site.Host.Rules.NextEpoch(view)).Any(holder => holder.Machine != site.Host.Machine || holder.Epoch >= record.Fence))
        {
            (nobodySince, sights) = (null, []);
        }
        else if (nobodySince is null)
        {
            nobodySince = seen.Count >= GateRules.Sources ? seen.Max(sight => sight.Height) + Slack : null;
        }
        else
        {
            sights = seen;
        }
    }

    /// <summary>The record of a machine that may not sign; null where it may, or has never been asked to.</summary>
    private static MachineRecord? Fenced(SignerSite site)
    {
        try
        {
            return site.Host.Record.Read() is { } record && record.Fence > record.Grant ? record : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Stops what runs here, each time it is looked: a supervisor, a person, or a gate that had decided before may have started it again.</summary>
    private async Task<AlarmBook> StopAsync(SignerSite site, AlarmRecord alarm, CancellationToken cancellationToken)
    {
        string? problem = null;
        try
        {
            var signs = RemoteSigner.Of(target) ?? target;
            var control = controls.For(signs.Node);
            var now = await control.ObserveAsync(signs, cancellationToken).ConfigureAwait(false);
            if (now.State != ProcessState.Stopped)
            {
                // No attempt's lock is waited for: the gate refuses every start, and a stop takes nothing from anybody who restores.
                await (now.Hung ? control.EndHungAsync(signs, Unconditional.Instance, cancellationToken) : control.StopAsync(signs, Unconditional.Instance, cancellationToken)).ConfigureAwait(false);
            }

            using var free = HostLock.TryTake(site.Host.Paths.Lock, inherited: false);
            problem = free is null ? "the signer's lock is held: a process of this key runs here that the node's control does not know" : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            problem = e.Message;
        }

        return problem == alarm.StopProblem && (problem is not null || alarm.StoppedAt is not null) ? site.Host.Alarms.Read()
            : site.Host.Alarms.Note(one => one with { StopProblem = problem, StoppedAt = problem is null ? one.StoppedAt ?? time.GetUtcNow() : one.StoppedAt });
    }

    private async Task<AlarmRecord?> PageAsync(SignerSite site, AlarmBook book)
    {
        if (book.Current is not { Paged: false } alarm || time.GetUtcNow() < nextPage)
        {
            return book.Current;
        }

        nextPage = time.GetUtcNow() + PageEvery;
        var delivered = await SendAsync(
            FormattableString.Invariant($"signer-alarm/{site.Signer}/{Node}/{alarm.At.UtcTicks}"), "critical",
            $"TWO SIGNERS: {Node} ({site.Signer.Address}) {(alarm.StopProblem is null ? "is stopped" : "could NOT be stopped")}",
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["why"] = string.Join("; ", alarm.Reasons.Select(reason => reason.Text)),
                ["stop"] = alarm.StopProblem ?? "its signer is stopped, and its gate starts nothing",
                ["now"] = "find the other process that signs with this key and end it; keep the logs of both; do not start anything",
                ["proposed"] = FormattableString.Invariant($"D5, key compromise (RB-DR-005, which this release does not have yet): key {site.Signer.Address}, kind validator, suspected since {alarm.At:u}, node {Node}"),
                ["look"] = $"virtengine-dr signer alarm show --chain {site.Signer.Chain} --validator {site.Signer.Address}; virtengine-dr signer status --chain {site.Signer.Chain} --validator {site.Signer.Address}",
                ["afterwards"] = $"virtengine-dr signer alarm clear --chain {site.Signer.Chain} --validator {site.Signer.Address} --approved-by NAME --approved-by NAME --reason TEXT",
            }).ConfigureAwait(false);
        return delivered ? site.Host.Alarms.Note(one => one with { Paged = true }).Current : alarm;
    }

    private async Task SuspectAsync(SignerSite site, IReadOnlyList<AlarmReason> suspicions)
    {
        foreach (var one in suspicions.Where(one => told.Add(one.Mark)).ToList())
        {
            if (!await SendAsync(
                $"signer-suspicion/{site.Signer}/{Node}/{one.Mark}", "error", $"Suspicion of two signers for {Node} ({site.Signer.Address}); nothing is stopped",
                new SortedDictionary<string, string>(StringComparer.Ordinal) { ["why"] = one.Text, ["now"] = "one RPC alone stops nobody: look at the blocks yourself" }).ConfigureAwait(false))
            {
                told.Remove(one.Mark);
            }
        }
    }

    private async Task<bool> SendAsync(string key, string severity, string summary, IReadOnlyDictionary<string, string> details)
    {
        var receipts = await page(new Notification(key, severity, "D5", summary, details, channels, Practice: false)).ConfigureAwait(false);
        return receipts.Count == 0 || receipts.Any(receipt => receipt.Delivered);
    }

    /// <summary>Nothing makes a stop late that an alarm asks for.</summary>
    private sealed class Unconditional : IFence
    {
        public static Unconditional Instance { get; } = new();

        public void EnsureCurrent()
        {
        }
    }
}
