using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;
using VirtEngine.DR.Workflows.Signers;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>RB-DR-004, data corruption: the node is stopped, what it holds is preserved, the good height is found, and only then something is undone or replaced.</summary>
[Workflow(WorkflowTypes.DataCorruption)]
public sealed class DataCorruptionWorkflow : Runbook
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ReconcileWithin = TimeSpan.FromHours(2);
    private static readonly TimeSpan SignsWithin = TimeSpan.FromMinutes(10);

    private static readonly string[] Stops = [ContainStep.Id, "stop", "signer-fence"];

    private readonly DataCorruptionInput input;
    private NodeSlice slice = null!;
    private RestoreCalls calls = null!;
    private NodeFailureCalls looks = null!;
    private CorruptionDiagnosis diagnosis = null!;
    private PreserveSteps preserve = null!;
    private RollbackSteps rollback = null!;
    private RestoreSteps restore = null!;
    private ConfigurationSteps configuration = null!;
    private SignerSteps signer = null!;
    private PowerSteps budget = null!;
    private CorruptionProof proof = null!;
    private CureLadder ladder;
    private int round = 1;
    private NodeObservation node = null!;
    private PowerReport power = null!;
    private BackupChoice? choice;
    private bool contained;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public DataCorruptionWorkflow(DataCorruptionInput input)
        : base(HeaderOf(input))
    {
        this.input = input;
        ladder = CureLadder.Asked(input.Recovery);
    }

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(DataCorruptionInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => input with { Takeover = null, Recovery = ladder.Pinned, Backup = choice?.Backup.Id ?? input.Backup, Configuration = configuration?.BackupId ?? input.Configuration };

    private bool Signs => slice.Target.Node.Kind == NodeKind.Validator || node.HoldsConsensusKey;

    private Verdict Found => diagnosis.Verdict;

    // ---- Facts ----

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => DataCorruptionRules.Check(input);

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        var spec = slice.Target.Node;
        calls = new(slice, Flow.Keys);
        looks = new(slice, calls);
        var own = new CorruptionCalls(slice, Flow.Keys);
        configuration = new(slice, Flow.Keys, looks, calls, () => ladder, input.Configuration);
        diagnosis = new(slice, own, configuration, input);
        preserve = new(spec, own, input.WithoutCopy);
        rollback = new(spec, own, calls, looks, () => ladder);
        restore = new(spec, calls) { EndsHung = true };
        signer = new(slice, Flow.Keys, () => State);
        budget = new(slice, () => State);
        proof = new(spec, own, calls);
        facts.Record("estate", $"{slice.Target.EstateDigest[..Math.Min(12, slice.Target.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        facts.Record("target", $"{spec.Name}: {spec.Kind} in {spec.Region}, {spec.Control.Type}");
        if (spec.Kind is not (NodeKind.Validator or NodeKind.Full or NodeKind.Archive))
        {
            throw new ApplicationFailureException($"node: {spec.Name} is a {spec.Kind} and holds no chain state; its files come back by RB-DR-006 (--kind {BackupKinds.ProviderState} or {BackupKinds.Configuration})", ErrorTypes.InvalidInput, nonRetryable: true);
        }

        return new()
        {
            Region = spec.Region,
            Rto = slice.Rto.FirstOrDefault(r => r.Component == spec.Kind && r.Class == input.IncidentClass)?.Target,
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,

            // One node of a region is taken out of service at a time.
            Locks = [Names.LockId("node", spec.Name), Names.LockId("cure", spec.Region)],
            SharedLocks = [Names.LockId("region", spec.Region)],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (Flow.Round != round)
        {
            // A relapse: what is found now decides anew, and what was of no lasting help is not tried again. The first copy stays the evidence.
            round = Flow.Round;
            (contained, choice) = (false, null);
            diagnosis.Relapsed();
            configuration.Relapsed();
            ladder.Relapsed();
            signer.Relapsed();
            budget.Relapsed();
        }

        node = await calls.ObserveAsync();
        power = await looks.PowerAsync();
        facts.Record("power", VotingPower.Describe(power, slice.Target.Chain.BlockTime), power.At);
        facts.Record("node", NodeFailureFacts.Describe(node), node.At);
        await diagnosis.GatherAsync(facts, node);
        if (Signs)
        {
            await signer.GatherAsync(facts, input.Takeover);
        }

        await budget.GatherAsync(facts, Signs ? signer.Seen?.Signer?.Address : null, Signs && node.Process == ProcessState.Running ? Stops : [], takeover: input.Takeover);

        if (!diagnosis.Decided)
        {
            ladder = ladder.For(Found.Recoveries);
            restore.WasHung = node.Hung;
        }

        if (input.Takeover is null && !contained && diagnosis.Refusal is { } refusal)
        {
            throw new ApplicationFailureException(refusal, ErrorTypes.Conflict, nonRetryable: true);
        }

        await configuration.GatherAsync(facts, input.Kind == CorruptionKinds.Config);
        await preserve.GatherAsync(facts);
        await ChooseAsync(facts);
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        var spec = slice.Target.Node;
        (restore.Choice, restore.Signs) = (choice, Signs);
        (rollback.To, rollback.Hard) = (Found.RollbackTo, Found.Hard);
        signer.Starts = ladder.Names.Count > 0;
        var noStart = Signs ? signer.WhyNoStart(null) : null;
        var noProof = noStart ?? RestoreInputRules.WhyNoProof(BackupKinds.ChainState, slice);
        var noRollback = ladder.WhyNot(Recoveries.Rollback) ?? (Found.RollbackTo is null ? "no height to go back to is known" : null);
        var noRestore = ladder.WhyNot(Recoveries.Restore) ?? (choice is null ? "no backup is chosen yet" : null);

        // Each recovery has its gate. What was approved and done is not asked for again when the plan goes on with what comes after it.
        var asksRollback = diagnosis.Decided && noRollback is null && !Done("rollback");
        var asksReplace = diagnosis.Decided && ladder.Due(Recoveries.Configuration) && !Done("configuration");
        var asksRestore = diagnosis.Decided && noRestore is null && !Done("download");
        var atLeast = (noRestore is null ? choice!.Backup.Height : Found.RollbackTo ?? 0) + 1;
        var noCopy = preserve.WhyAsk(StatusOf(PreserveSteps.Id));
        return new()
        {
            Watch = noProof is null
                ? new(RestoreInputRules.WatchFor(input.Watch, slice), $"the health of {spec.Name}", (left, token) => calls.WatchAsync(atLeast, left, token))
                : null,
            Bounds =
            [
                Bound.Exactly("found", $"{spec.Name}: {Found.Found}"),
                Bound.Exactly("recoveries", $"recoveries, in this order: {string.Join(", ", ladder.Names.DefaultIfEmpty("none yet"))}"),
                .. noRollback is null ? [Bound.Exactly("rollback", FormattableString.Invariant($"its state goes back to height {Found.RollbackTo}{(Found.Hard ? ", its blocks too" : "")}; it executes them again"))] : Array.Empty<Bound>(),
                .. noRestore is null ? RestoreFacts.Bounds(slice, choice!, diagnosis.Chain, choice!.Newer.Count > 0) : Array.Empty<Bound>(),
                .. noCopy is not null && diagnosis.Decided ? [Bound.Exactly("copy", noCopy)] : Array.Empty<Bound>(),
                .. configuration.Bounds(ladder.Due(Recoveries.Configuration)),
                .. signer.Bounds(),
                .. budget.Bounds(),
            ],
            Risks =
            [
                .. budget.Risks(),
                $"{Found.Evidence}: {Found.Why}",
                .. diagnosis.Risks(),
                .. preserve.Risks(),
                .. NodeFailureFacts.PowerRisks(spec, Signs, power),
                .. noRestore is null ? RestoreFacts.Risks(choice!, node, choice!.Newer.Count > 0) : node.Unknowns.Select(unknown => "unknown: " + unknown),
            ],
            Gates =
            [
                .. !contained && !diagnosis.Decided && diagnosis.ShowsNothing ? [new GateDeclaration("contain", $"Nothing shows that {spec.Name} is corrupt ({Found.Evidence}). Stop it all the same?", "contain")] : Array.Empty<GateDeclaration>(),
                .. asksRollback ? [new GateDeclaration("rollback", $"Roll {spec.Name} back to height {Found.RollbackTo}{(Found.Hard ? " and drop the blocks above it" : "")}?", "rollback")] : Array.Empty<GateDeclaration>(),
                .. asksReplace ? [configuration.Gate] : Array.Empty<GateDeclaration>(),
                .. asksRestore ? [new GateDeclaration("restore", $"Replace the data of {spec.Name} by backup {choice!.Backup.Id}?", "download")] : Array.Empty<GateDeclaration>(),
                .. noCopy is not null && (asksRollback || asksRestore || asksReplace) ? [new GateDeclaration("no-copy", $"Go on although {noCopy}?", asksRollback ? "rollback" : asksReplace ? "configuration" : "download")] : Array.Empty<GateDeclaration>(),
                .. budget.Gates(),
                .. signer.Gates(),
            ],
            Steps = budget.Guarded(
            [
                .. budget.Reserve("0.1"),
                ContainStep.Declare("1", spec, calls, Signs, restore.WasHung, () => contained = true),
                preserve.Declare("2"),
                diagnosis.Declare("3"),
                diagnosis.Decide("4", () => ladder.Due(Recoveries.Configuration) || ladder.Due(Recoveries.Restore) || (ladder.Due(Recoveries.Rollback) && Found.RollbackTo is not null)),
                .. input.Kind == CorruptionKinds.Config
                    ? Interlocked(configuration.Declare(5, ladder.WhyNot(Recoveries.Configuration), noStart), "configuration-start", 5, true)
                    : [.. Interlocked(rollback.Declare(5, noRollback, noStart), "rollback-start", 5, noRollback is null), .. Interlocked(restore.Declare(8, noRestore, noStart), "start", 12, noRollback is not null)],
                new()
                {
                    Number = "14", Id = "prove", Title = "Prove it: the height advances, the app hash equals the references' at equal height, it has peers",
                    LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(atLeast, int.MaxValue / 2, ProveWithin)),
                },
                new()
                {
                    Number = "15", Id = "reconcile", Title = "Reconcile: block sync closes the gap in heights",
                    LeftOut = noProof, LeftOutMatters = true, Skippable = true, Unproven = "the gap to the chain is not closed yet",
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(atLeast, slice.Target.Chain.MaxLagBlocks, ReconcileWithin)),
                },
                proof.Declare("16", noProof),
                .. Signs ? [signer.Proof("17", noProof, SignsWithin), .. budget.Release("17.1", noProof)] : Array.Empty<StepDeclaration>(),
            ], Stops),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() => [.. preserve.LeftBehind, .. restore.LeftBehind, .. configuration.LeftBehind];

    private static RunHeader HeaderOf(DataCorruptionInput input) => new()
    {
        Runbook = WorkflowTypes.DataCorruption,
        Title = "Data corruption",
        Target = "node/" + input.Node,
        IncidentClass = input.IncidentClass,
        Mode = input.Mode,
        Operator = input.Operator,
        Reason = input.Reason,
        Ticket = input.Ticket,
        TriggeredAt = input.TriggeredAt,
        Takeover = input.Takeover,
    };

    private bool Done(string step) => StatusOf(step) is StepStatus.Done or StepStatus.AlreadySo or StepStatus.Skipped;

    private StepStatus? StatusOf(string step) => State.Steps.FirstOrDefault(one => one.Id == step)?.Status;

    /// <summary>Where the recovery that is tried first has the start.</summary>
    private IEnumerable<StepDeclaration> Interlocked(IReadOnlyList<StepDeclaration> steps, string start, int after, bool here) =>
        here ? signer.Before(steps, start, after) : steps;

    private async Task ChooseAsync(FactBook facts)
    {
        var undoes = input.Takeover?.Run.Undo.Any(undo => RestoreSteps.Ids.Contains(undo.Step)) == true;
        if (!undoes && !ladder.Due(Recoveries.Restore))
        {
            return;
        }

        // Before the diagnosis a backup is only forecast; afterwards there must be one, and it is chosen once: another would be another plan.
        var selector = choice?.Backup.Id ?? input.Backup;
        var named = selector is not ("newest" or "newest-proven");
        choice = diagnosis.Decided || undoes
            ? await calls.ChooseAsync(BackupKinds.ChainState, selector, null, named ? null : Found.GoodHeight)
            : await calls.ChooseOrNoneAsync(BackupKinds.ChainState, input.Backup);
        facts.Record("backup", choice is null ? "none can be had now" : RestoreFacts.Describe(choice));
        if (!diagnosis.Decided && !undoes)
        {
            choice = null;
        }
    }
}
