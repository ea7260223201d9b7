using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>What a run of RB-DR-004 does for one node, made from what is known of it now. Where the run has several, each phase comes for all before the next one.</summary>
public sealed class CorruptPlan
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ReconcileWithin = TimeSpan.FromHours(2);
    private static readonly TimeSpan SignsWithin = TimeSpan.FromMinutes(10);

    private readonly CorruptNode node;
    private readonly Verdict found;
    private readonly string? noStart;
    private readonly string? noProof;
    private readonly string? noRollback;
    private readonly string? noRestore;
    private readonly string? noReplace;
    private readonly long atLeast;

    /// <summary>Made from what is known now.</summary>
    public CorruptPlan(CorruptNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        this.node = node;
        found = node.Diagnosis.Verdict;
        (node.Restore.Choice, node.Restore.Signs) = (node.Choice, node.Signs);
        (node.Rollback.To, node.Rollback.Hard) = (found.RollbackTo, found.Hard);
        node.Signer.Starts = node.Ladder.Names.Count > 0 && !node.LeftAlone;
        var alone = node.LeftAlone ? "it is left as it is" : null;
        noStart = node.Signs ? node.Signer.WhyNoStart(null) : null;
        noProof = alone ?? noStart ?? RestoreInputRules.WhyNoProof(BackupKinds.ChainState, node.Slice);
        noRollback = alone ?? node.Ladder.WhyNot(Recoveries.Rollback) ?? (found.RollbackTo is null ? "no height to go back to is known" : null);
        noRestore = alone ?? node.Ladder.WhyNot(Recoveries.Restore) ?? (node.Choice is null ? "no backup is chosen yet" : null);
        noReplace = alone ?? node.Ladder.WhyNot(Recoveries.Configuration);
        atLeast = (noRestore is null ? node.Choice!.Backup.Height : found.RollbackTo ?? 0) + 1;
    }

    /// <summary>The node.</summary>
    public string Name => node.Spec.Name;

    // Each recovery has its gate. What was approved and done is not asked for again when the plan goes on with what comes after it.
    private bool AsksRollback => node.Diagnosis.Decided && noRollback is null && !node.Done("rollback");

    private bool AsksReplace => node.Diagnosis.Decided && noReplace is null && !node.Done("configuration");

    private bool AsksRestore => node.Diagnosis.Decided && noRestore is null && !node.Done("download");

    private string? NoCopy => node.Preserve.WhyAsk(node.StatusOf(PreserveSteps.Id));

    /// <summary>Watches it; null where it cannot be proven to begin with.</summary>
    public Func<TimeSpan, CancellationToken, Task<WatchReport>>? Watch => noProof is null ? (left, token) => node.Calls.WatchAsync(atLeast, left, token) : null;

    /// <summary>What an approval accepts.</summary>
    public IEnumerable<Bound> Bounds() => node.Part.Of((IEnumerable<Bound>)
    [
        Bound.Exactly("found", $"{Name}: {found.Found}"),
        Bound.Exactly("recoveries", $"recoveries, in this order: {string.Join(", ", node.Ladder.Names.DefaultIfEmpty("none yet"))}"),
        .. noRollback is null ? [Bound.Exactly("rollback", found.NothingUndone ? FormattableString.Invariant($"its state stays at height {found.RollbackTo}; it executes the blocks above by the plan's version") : FormattableString.Invariant($"its state goes back to height {found.RollbackTo}{(found.Hard ? ", its blocks too" : "")}; it executes them again"))] : Array.Empty<Bound>(),
        .. noRestore is null ? RestoreFacts.Bounds(node.Slice, node.Choice!, node.Diagnosis.Chain, node.Choice!.Newer.Count > 0) : Array.Empty<Bound>(),
        .. NoCopy is { } why && node.Diagnosis.Decided ? [Bound.Exactly("copy", why)] : Array.Empty<Bound>(),
        .. node.Configuration.Bounds(noReplace is null),
        .. node.Signer.Bounds(),
        .. node.Budget.Bounds(),
    ]);

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks() => node.Part.Of((IEnumerable<string>)
    [
        .. node.Budget.Risks(),
        $"{found.Evidence}: {found.Why}",
        .. node.Diagnosis.Risks(),
        .. node.Preserve.Risks(),
        .. NodeFailureFacts.PowerRisks(node.Spec, node.Signs, node.Power),
        .. noRestore is null ? RestoreFacts.Risks(node.Choice!, node.Seen, node.Choice!.Newer.Count > 0) : node.Seen.Unknowns.Select(unknown => "unknown: " + unknown),
    ]);

    /// <summary>Where people decide.</summary>
    public IEnumerable<GateDeclaration> Gates() => node.Part.Of((IEnumerable<GateDeclaration>)
    [
        .. !node.Contained && !node.Diagnosis.Decided && node.Diagnosis.ShowsNothing ? [new GateDeclaration("contain", $"Nothing shows that {Name} is corrupt ({found.Evidence}). Stop it all the same?", ContainStep.Id)] : Array.Empty<GateDeclaration>(),
        .. AsksRollback ? [new GateDeclaration("rollback", found.NothingUndone ? $"Start {Name} by the plan? Its state stands at height {found.RollbackTo}, and nothing is undone." : $"Roll {Name} back to height {found.RollbackTo}{(found.Hard ? " and drop the blocks above it" : "")}?", "rollback")] : Array.Empty<GateDeclaration>(),
        .. AsksReplace ? [node.Configuration.Gate] : Array.Empty<GateDeclaration>(),
        .. AsksRestore ? [new GateDeclaration("restore", $"Replace the data of {Name} by backup {node.Choice!.Backup.Id}?", "download")] : Array.Empty<GateDeclaration>(),
        .. NoCopy is { } why && (AsksRollback || AsksRestore || AsksReplace) ? [new GateDeclaration("no-copy", $"Go on although {why}?", AsksRollback ? "rollback" : AsksReplace ? "configuration" : "download")] : Array.Empty<GateDeclaration>(),
        .. node.Budget.Gates(),
        .. node.Signer.Gates(),
    ]);

    /// <summary>Stops it; a signer's power is reserved before.</summary>
    public IEnumerable<StepDeclaration> Contain() => Named(
    [
        .. node.Budget.Reserve("0.1"),
        ContainStep.Declare("1", node.Spec, node.Calls, node.Signs, node.Restore.WasHung, node.Stopping, node.Part.OfSeveral && node.Diagnosis.HasSource ? node.Diagnosis.StillHasSourceAsync : null),
    ]);

    /// <summary>Copies what it holds.</summary>
    /// <param name="group">Copies that are made at once; null where there is one.</param>
    public IEnumerable<StepDeclaration> Preserve(string? group) => Named([node.Preserve.Declare("2") with { Group = group }]);

    /// <summary>Reads what is wrong.</summary>
    /// <param name="last">No other node is read after it.</param>
    public IEnumerable<StepDeclaration> Diagnose(bool last) => Named([node.Diagnosis.Declare("3", last)]);

    /// <summary>Decides.</summary>
    /// <param name="last">Nothing is decided of another node after it.</param>
    public IEnumerable<StepDeclaration> Decide(bool last) => Named(
    [
        node.Diagnosis.Decide("4", () => node.Ladder.Due(Recoveries.Configuration) || node.Ladder.Due(Recoveries.Restore) || (node.Ladder.Due(Recoveries.Rollback) && found.RollbackTo is not null), node.Part.OfSeveral, last),
    ]);

    /// <summary>Brings it back and proves that.</summary>
    public IEnumerable<StepDeclaration> Cure() => [.. Recover(), .. Prove()];

    /// <summary>Brings it back. On a chain that stands nobody can see yet whether that helped.</summary>
    public IEnumerable<StepDeclaration> Recover() => Named(((IEnumerable<StepDeclaration>)
    [
        .. node.Input.Kind == CorruptionKinds.Config
            ? Interlocked(node.Configuration.Declare(5, noReplace, noStart), "configuration-start", 5, true)
            : [.. Interlocked(node.Rollback.Declare(5, noRollback, noStart), "rollback-start", 5, noRollback is null), .. Interlocked(node.Restore.Declare(8, noRestore, noStart), "start", 12, noRollback is not null)],
    ]).Select(step => node.Input.Coordinated is not null && step.Id.EndsWith("-helped", StringComparison.Ordinal) ? step with { LeftOut = step.LeftOut ?? "the chain stands until enough validators are back: the proof comes when all are started" } : step));

    /// <summary>Proves that it is back.</summary>
    public IEnumerable<StepDeclaration> Prove() => Named(
    [
        new()
        {
            Number = "14", Id = "prove", Title = "Prove it: the height advances, the app hash equals the references' at equal height, it has peers",
            LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
            Act = async _ => RestoreFacts.Describe(await node.Calls.AwaitHealthyAsync(atLeast, int.MaxValue / 2, ProveWithin)),
        },
        new()
        {
            Number = "15", Id = "reconcile", Title = "Reconcile: block sync closes the gap in heights",
            LeftOut = noProof, LeftOutMatters = true, Skippable = true, Unproven = "the gap to the chain is not closed yet",
            Act = async _ => RestoreFacts.Describe(await node.Calls.AwaitHealthyAsync(atLeast, node.Slice.Target.Chain.MaxLagBlocks, ReconcileWithin)),
        },
        node.Proof.Declare("16", noProof),
        .. node.Signs ? [node.Signer.Proof("17", noProof, SignsWithin), .. node.Budget.Release("17.1", noProof)] : Array.Empty<StepDeclaration>(),
    ]);

    /// <summary>All of it, for a node whose turn comes after the others'.</summary>
    public IEnumerable<StepDeclaration> All() => [.. Contain(), .. Preserve(null), .. Diagnose(true), .. Decide(true), .. Cure()];

    private IEnumerable<StepDeclaration> Named(IEnumerable<StepDeclaration> steps) => node.Part.Of(node.Guarded(steps));

    /// <summary>Where the recovery that is tried first has the start.</summary>
    private IEnumerable<StepDeclaration> Interlocked(IReadOnlyList<StepDeclaration> steps, string start, int after, bool here) =>
        here ? node.Signer.Before(steps, start, after) : steps;
}
