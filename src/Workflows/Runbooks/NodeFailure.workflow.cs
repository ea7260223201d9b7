using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Signers;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>RB-DR-001, single node failure: what is wrong is found out from two sides, the cheapest cure comes first, and the node is proven healthy.</summary>
[Workflow(WorkflowTypes.NodeFailure)]
public sealed class NodeFailureWorkflow : Runbook
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ReconcileWithin = TimeSpan.FromHours(2);
    private static readonly TimeSpan SignsWithin = TimeSpan.FromMinutes(10);

    private readonly NodeFailureInput input;
    private NodeSlice slice = null!;
    private RestoreCalls calls = null!;
    private NodeFailureCalls looks = null!;
    private RestartSteps restart = null!;
    private RestoreSteps restore = null!;
    private SignerSteps signer = null!;
    private StateSyncSteps sync = null!;
    private Diagnosis found = null!;
    private CureLadder ladder;
    private int round = 1;
    private NodeObservation node = null!;
    private PowerReport power = null!;
    private BackupChoice? choice;
    private LostHome? lost;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public NodeFailureWorkflow(NodeFailureInput input)
        : base(HeaderOf(input))
    {
        this.input = input;
        ladder = CureLadder.Asked(input.Cure);
    }

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(NodeFailureInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned
    {
        get
        {
            var pinned = input with { Takeover = null, Found = found?.Class.ToString(), Cure = ladder.Pinned, Backup = choice?.Backup.Id ?? input.Backup };
            return lost is null ? pinned : pinned with { Configuration = lost.ConfigurationId, HomeMissing = lost.Missing };
        }
    }

    private bool Signs => slice.Target.Node.Kind == NodeKind.Validator || node.HoldsConsensusKey;

    private string Kind => slice.Target.Node.Kind == NodeKind.Provider ? BackupKinds.ProviderState : BackupKinds.ChainState;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => NodeFailureRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        calls = new(slice, Flow.Keys);
        looks = new(slice, calls);
        var spec = slice.Target.Node;
        restart = new(spec, calls, looks, () => ladder);
        restore = new(spec, calls) { EndsHung = true };
        signer = new(slice, Flow.Keys, () => State);
        sync = new(spec, new(slice, Flow.Keys), calls, () => ladder);
        facts.Record("estate", $"{slice.Target.EstateDigest[..Math.Min(12, slice.Target.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        facts.Record("target", $"{spec.Name}: {spec.Kind} in {spec.Region}, {spec.Control.Type}");
        return new()
        {
            Region = spec.Region,
            Rto = slice.Rto.FirstOrDefault(r => r.Component == spec.Kind && r.Class == input.IncidentClass)?.Target,
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,

            // One node of a region is cured at a time: two at once could take the region's service away.
            Locks = [Names.LockId("node", spec.Name), Names.LockId("cure", spec.Region)],
            SharedLocks = [Names.LockId("region", spec.Region)],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        node = await calls.ObserveAsync();
        var health = await looks.HealthAsync(node.Process == ProcessState.Running);
        var now = Diagnosis.Of(slice.Target.Node, node, health);
        power = await looks.PowerAsync();
        facts.Record("power", VotingPower.Describe(power, slice.Target.Chain.BlockTime), power.At);
        facts.Record("node", NodeFailureFacts.Describe(node), node.At);
        facts.Record("health", health is null ? "no RPC to ask" : RestoreFacts.Describe(health), health?.At);
        facts.Record("now", $"{now.Class}: {now.Evidence}", node.At);

        if (Signs)
        {
            if (Flow.Round != round)
            {
                signer.Relapsed();
            }

            await signer.GatherAsync(facts, input.Takeover);
        }

        if (Flow.Round != round)
        {
            // A relapse: what is found now decides anew, and what was of no lasting help is not tried again.
            round = Flow.Round;
            ladder.Relapsed();
            sync.Relapsed();
        }

        // What was found when it began stays what this run cures, whatever its own acts make of the node.
        if (!ladder.Begun)
        {
            found = input.Found is { } pinned ? now with { Class = Enum.Parse<FailureClass>(pinned) } : now;
            ladder = ladder.For(found);
            // After a raised floor the node must catch up before it asks for a signature: then it is started anew too.
            restart.OnlySignerGone = signer.Reasons.Count == 0 && node.Process == ProcessState.Running && node.Symptoms.Any(symptom => symptom.Kind == Symptoms.SignerGone);
            restart.WasHung = restore.WasHung = sync.WasHung = node.Hung;
            ladder.Offer(sync.Dropped ?? StateSyncRules.WhyNot(slice, node, Signs));
        }

        facts.Record("found", $"{found.Class}: {found.Why}", node.At);
        if (ladder.Refusal(found, slice.Target.Node.Name) is { } refusal && input.Takeover is null)
        {
            throw new ApplicationFailureException(refusal, ErrorTypes.Conflict, nonRetryable: true);
        }

        if (input.Takeover is null && ladder.Due(Cures.StateSync))
        {
            await sync.DecideAsync(slice, facts, () => calls.ChooseOrNoneAsync(Kind, input.Backup));
        }

        if (input.Takeover is { } takeover ? takeover.Run.Undo.Any(undo => RestoreSteps.Ids.Contains(undo.Step)) : ladder.Due(Cures.Restore))
        {
            await ChooseAsync(facts);
        }
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        var spec = slice.Target.Node;
        restore.Choice = choice;
        restart.Signs = restore.Signs = Signs;
        restore.HomeIsLost = lost is not null;
        signer.Starts = lost?.WhyKeyless is null && (ladder.Has(Cures.Restart) || ladder.Has(Cures.Restore));
        var noStart = Signs ? signer.WhyNoStart(lost?.WhyKeyless) : null;
        var noProof = noStart ?? RestoreInputRules.WhyNoProof(Kind, slice);
        var noRestore = ladder.WhyNot(Cures.Restore);
        var syncs = sync.Declare(6, ladder.WhyNot(Cures.StateSync), ladder.Has(Cures.StateSync) || input.Takeover?.Run.Undo.Any(undo => StateSyncSteps.Ids.Contains(undo.Step)) == true);
        var atLeast = (choice?.Backup.Height ?? 0) + 1;
        return new()
        {
            Watch = noProof is null
                ? new(RestoreInputRules.WatchFor(input.Watch, slice), $"the health of {spec.Name}", (left, token) => calls.WatchAsync(atLeast, left, token))
                : null,
            Bounds =
            [
                Bound.Exactly("found", $"{spec.Name} is {found.Class}"),
                Bound.Exactly("cures", $"cures, in this order: {string.Join(", ", ladder.Names.DefaultIfEmpty("none, it only needs time"))}"),
                .. noRestore is null ? [Bound.Exactly("backup", $"its data is replaced by backup {choice!.Backup.Id} (the former data is kept)"), .. lost?.Bounds() ?? []] : Array.Empty<Bound>(),
                .. signer.Bounds(),
            ],
            Risks = [.. NodeFailureFacts.Risks(spec, node, found, ladder, noStart), .. sync.Risks, .. NodeFailureFacts.PowerRisks(spec, Signs, power), .. lost?.Risks(node) ?? []],
            Gates =
            [
                .. signer.Gates(),
                .. noRestore is null && (Signs || choice!.Newer.Count > 0)
                    ? [new GateDeclaration("restore", $"Replace the data of {spec.Name} by backup {choice!.Backup.Id}{lost?.Question}?", lost is null ? "download" : "stop")]
                    : Array.Empty<GateDeclaration>(),
            ],
            Steps = LostHome.Arrange(lost,
            [
                new()
                {
                    Number = "1", Id = "class", Title = "Verify the failure from two sides and class it", Parameters = [$"found={found.Class}"],
                    Act = _ => Task.FromResult<string?>($"{found.Class}: {found.Evidence}. {found.Why}"),
                },
                new()
                {
                    Number = "2", Id = "assess", Title = "Assess: the voting power that signs, what may still go, what the node carries",
                    Act = _ => Task.FromResult<string?>(VotingPower.Describe(power, slice.Target.Chain.BlockTime)),
                },
                .. Interlocked(restart.Declare(3, ladder.WhyNot(Cures.Restart), noStart), "restart-start", 3, ladder.Has(Cures.Restart)),
                .. syncs,
                .. Interlocked(restore.Declare(6 + syncs.Count, noRestore, noStart), "start", 10 + syncs.Count, !ladder.Has(Cures.Restart)),
                new()
                {
                    Number = $"{12 + syncs.Count}", Id = "prove", Title = "Prove it: the height advances, the app hash equals the references' at equal height, it has peers",
                    LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(atLeast, int.MaxValue / 2, found.Class == FailureClass.CatchingUp ? ReconcileWithin : ProveWithin)),
                },
                new()
                {
                    Number = $"{13 + syncs.Count}", Id = "reconcile", Title = "Reconcile: block sync closes the gap in heights",
                    LeftOut = noProof, LeftOutMatters = true, Skippable = true, Unproven = "the gap to the chain is not closed yet",
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(atLeast, slice.Target.Chain.MaxLagBlocks, ReconcileWithin)),
                },
                .. Signs ? [signer.Proof($"{14 + syncs.Count}", noProof, SignsWithin)] : Array.Empty<StepDeclaration>(),
            ]),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() => [.. sync.LeftBehind, .. restore.LeftBehind, .. lost?.LeftBehind() ?? []];

    private static RunHeader HeaderOf(NodeFailureInput input) => new()
    {
        Runbook = WorkflowTypes.NodeFailure,
        Title = "Single node failure",
        Target = "node/" + input.Node,
        IncidentClass = input.IncidentClass,
        Mode = input.Mode,
        Operator = input.Operator,
        Reason = input.Reason,
        Ticket = input.Ticket,
        TriggeredAt = input.TriggeredAt,
        Takeover = input.Takeover,
    };

    /// <summary>Where the cure that is tried first has the start.</summary>
    private IEnumerable<StepDeclaration> Interlocked(IReadOnlyList<StepDeclaration> steps, string start, int after, bool here) =>
        here ? signer.Before(steps, start, after) : steps;

    private async Task ChooseAsync(FactBook facts)
    {
        // Chosen once: another backup would be another plan.
        choice = await calls.ChooseAsync(Kind, choice?.Backup.Id ?? (Kind == BackupKinds.ChainState || input.Backup != "newest-proven" ? input.Backup : "newest"), null);
        facts.Record("backup", RestoreFacts.Describe(choice));
        var missing = input.HomeMissing ?? (input.Takeover is null ? node.MissingFromHome : []);
        if (lost is null && Kind == BackupKinds.ChainState && missing.Count > 0)
        {
            lost = await LostHome.FindAsync(slice, Flow.Keys, missing, input.Configuration);
        }

        lost?.Record(facts, node);
    }
}
