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
    private RestartSteps restart = null!;
    private RestoreSteps restore = null!;
    private SignerSteps signer = null!;
    private PowerSteps budget = null!;
    private StateSyncSteps sync = null!;
    private NodeFailureSights sights = null!;
    private StandbySteps? standby;
    private Diagnosis found = null!;
    private CureLadder ladder;
    private int round = 1;
    private RestoreChoice back = null!;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public NodeFailureWorkflow(NodeFailureInput input)
        : base(RunHeader.Of(input, WorkflowTypes.NodeFailure, "Single node failure", "node/" + input.Node))
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
            var pinned = input with { Takeover = null, Found = found?.Class.ToString(), Cure = ladder.Pinned, Backup = (back?.Backup ?? standby?.Choice)?.Backup.Id ?? input.Backup };
            return back?.Lost is { } lost ? pinned with { Configuration = lost.ConfigurationId, HomeMissing = lost.Missing } : pinned;
        }
    }

    private bool Signs => slice.Target.Node.Kind == NodeKind.Validator || sights.Node.HoldsConsensusKey;

    /// <summary>Another node takes this one's place: that one is proven and watched.</summary>
    private bool Replaced => standby is not null && ladder.Has(Cures.Standby);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => NodeFailureRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        calls = new(slice, Flow.Keys);
        sights = new(slice, new(slice, calls));
        var looks = new NodeFailureCalls(slice, calls);
        standby = slice.Standby is { } other
            ? new(slice, await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(other), Policies.Probe("reads the estate: " + other)), Flow.Keys)
            : null;
        var spec = slice.Target.Node;
        restart = new(spec, calls, looks, () => ladder);
        restore = new(spec, calls) { EndsHung = true, DataToo = NodeFailureRules.BackupKind(spec.Kind) != BackupKinds.Configuration };
        signer = new(slice, Flow.Keys, () => State);
        budget = new(slice, () => State);
        back = new(input, slice, Flow.Keys, calls);
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
            Locks = [Names.LockId("node", spec.Name), Names.LockId("cure", spec.Region), .. slice.Standby is { } stand ? [Names.LockId("node", stand)] : Array.Empty<string>()],
            SharedLocks = [Names.LockId("region", spec.Region)],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var now = (await sights.GatherAsync(facts, (ladder.Begun && !ladder.Has(Cures.Standby)) || (input.Takeover is not null && StandbyLeft.Length == 0))).WithStandby(slice.Standby);
        var node = sights.Node;
        if (Signs && sights.Absent)
        {
            throw NodeFailureRules.AbsentSigner(slice.Target.Node.Name, now);
        }

        if (Signs)
        {
            if (Flow.Round != round)
            {
                signer.Relapsed();
                budget.Relapsed();
            }

            await signer.GatherAsync(facts, input.Takeover);
        }

        if (Flow.Round != round)
        {
            // A relapse: what is found now decides anew, and what was of no lasting help is not tried again.
            round = Flow.Round;
            ladder.Relapsed();
            sync.Relapsed();
            standby?.Relapsed();
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

        await budget.GatherAsync(facts, signer.Seen?.Signer?.Address, Signs && sights.Node.Process == ProcessState.Running ? ladder.Stops : [], takeover: input.Takeover);
        await StandInAsync(facts);
        if (input.Takeover is null && ladder.Due(Cures.StateSync))
        {
            await sync.DecideAsync(slice, facts, () => calls.ChooseOrNoneAsync(back.Kind, input.Backup));
        }

        if (input.Takeover is { } takeover ? input.HomeMissing is not null || takeover.Run.Undo.Any(undo => RestoreSteps.Ids.Contains(undo.Step)) : ladder.Due(Cures.Restore))
        {
            await back.ChooseAsync(facts, sights.Node);
        }
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        var spec = slice.Target.Node;
        var lost = back.Lost;
        restore.Choice = back.Backup;
        restart.Signs = restore.Signs = Signs;
        restore.HomeIsLost = lost is not null;
        signer.Starts = lost?.WhyKeyless is null && (ladder.Has(Cures.Restart) || ladder.Has(Cures.Restore));
        var noStart = Signs ? signer.WhyNoStart(lost?.WhyKeyless) : null;
        var noProof = noStart ?? (Replaced ? RestoreInputRules.WhyNoProof(BackupKinds.ChainState, standby!.Slice) : RestoreInputRules.WhyNoProof(back.Kind, slice));
        var served = Replaced ? standby!.Calls : calls;
        var noRestore = ladder.WhyNot(Cures.Restore);
        var syncs = sync.Declare(6, ladder.WhyNot(Cures.StateSync), ladder.Has(Cures.StateSync) || input.Takeover?.Run.Undo.Any(undo => StateSyncSteps.Ids.Contains(undo.Step)) == true);
        var stands = DeclareStandby(6 + syncs.Count);
        var after = 6 + syncs.Count + stands.Count;
        var atLeast = ((Replaced ? standby!.Choice : back.Backup)?.Backup.Height ?? 0) + 1;
        return new()
        {
            Watch = noProof is null
                ? new(RestoreInputRules.WatchFor(input.Watch, slice), $"the health of {(Replaced ? slice.Standby : spec.Name)}", (left, token) => served.WatchAsync(atLeast, left, token))
                : null,
            Bounds =
            [
                Bound.Exactly("found", $"{spec.Name} is {found.Class}"),
                Bound.Exactly("cures", $"cures, in this order: {string.Join(", ", ladder.Names.DefaultIfEmpty("none, it only needs time"))}"),
                .. noRestore is null ? back.Bounds() : [],
                .. Replaced ? [standby!.Bound] : Array.Empty<Bound>(),
                .. signer.Bounds(), .. budget.Bounds(),
            ],
            Risks = [.. budget.Risks(), .. NodeFailureFacts.Risks(spec, sights.Node, found, ladder, noStart), .. sights.Risks(), .. sync.Risks, .. NodeFailureFacts.PowerRisks(spec, Signs, sights.Power), .. lost?.Risks(sights.Node) ?? []],
            Gates =
            [
                .. budget.Gates(), .. signer.Gates(),
                .. !ladder.Begun && sights.Gate(ladder.Names.Count > 0 ? ladder.Names[0] : null) is { } service ? [service] : Array.Empty<GateDeclaration>(),
                .. noRestore is null ? back.Gates(Signs) : [],
            ],
            Steps = budget.Guarded(LostHome.Arrange(lost,
            [
                new()
                {
                    Number = "1", Id = "class", Title = "Verify the failure from two sides and class it", Parameters = [$"found={found.Class}"],
                    Act = _ => Task.FromResult<string?>($"{found.Class}: {found.Evidence}. {found.Why}"),
                },
                new()
                {
                    Number = "2", Id = "assess", Title = "Assess: the voting power that signs, what may still go, what the node carries",
                    Act = _ => Task.FromResult<string?>(VotingPower.Describe(sights.Power, slice.Target.Chain.BlockTime)),
                },
                .. budget.Reserve("2.1"),
                .. Interlocked(restart.Declare(3, ladder.WhyNot(Cures.Restart), noStart), "restart-start", 3, ladder.Has(Cures.Restart)),
                .. syncs,
                .. stands,
                .. Interlocked(restore.Declare(after, noRestore, noStart), "start", 4 + after, !ladder.Has(Cures.Restart)),
                new()
                {
                    Number = $"{6 + after}", Id = "prove", Title = NodeFailureRules.ProofTitle(spec.Kind),
                    LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
                    Act = async _ => RestoreFacts.Describe(await served.AwaitHealthyAsync(atLeast, int.MaxValue / 2, found.Class == FailureClass.CatchingUp ? ReconcileWithin : ProveWithin)),
                },
                new()
                {
                    Number = $"{7 + after}", Id = "reconcile", Title = "Reconcile: block sync closes the gap in heights",
                    LeftOut = noProof, LeftOutMatters = true, Skippable = true, Unproven = "the gap to the chain is not closed yet",
                    Act = async _ => RestoreFacts.Describe(await served.AwaitHealthyAsync(atLeast, slice.Target.Chain.MaxLagBlocks, ReconcileWithin)),
                },
                .. Signs ? [signer.Proof($"{8 + after}", noProof, SignsWithin), .. budget.Release($"{8 + after}.1", noProof)] : Array.Empty<StepDeclaration>(),
            ]), "restart-stop", "stop", "signer-fence"),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() => [.. sync.LeftBehind, .. standby?.LeftBehind ?? [], .. restore.LeftBehind, .. back.Lost?.LeftBehind() ?? []];

    /// <summary>Where the cure that is tried first has the start.</summary>
    private IEnumerable<StepDeclaration> Interlocked(IReadOnlyList<StepDeclaration> steps, string start, int after, bool here) => here ? signer.Before(steps, start, after) : steps;

    /// <summary>What a standby's steps of another run left is settled by the same steps.</summary>
    private string[] StandbyLeft => [.. (input.Takeover?.Run.Undo ?? []).Select(undo => undo.Step).Where(StandbySteps.Owns)];

    private IReadOnlyList<StepDeclaration> DeclareStandby(int first) =>
        Replaced || StandbyLeft.Length > 0 ? standby!.Declare(first, StandbyLeft.Length > 0 ? null : ladder.WhyNot(Cures.Standby), ladder.Begin) : [];

    private async Task StandInAsync(FactBook facts)
    {
        if (ladder.Has(Cures.Standby) && standby is null)
        {
            throw new ApplicationFailureException(
                $"{slice.Target.Node.Name} has no standby: a full node may name it ('standbyFor: {slice.Target.Node.Name}')", ErrorTypes.Conflict, nonRetryable: true);
        }

        if (Replaced || StandbyLeft.Length > 0)
        {
            await standby!.GatherAsync(facts, () => calls.ChooseAsync(BackupKinds.ChainState, input.Backup, null), StandbyLeft);
        }
    }
}
