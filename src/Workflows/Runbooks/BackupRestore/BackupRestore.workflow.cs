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

/// <summary>RB-DR-006, backup restore: a node's data is replaced by a backup's, and the node is proven healthy again.</summary>
[Workflow(WorkflowTypes.BackupRestore)]
public sealed class BackupRestoreWorkflow : Runbook
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ReconcileWithin = TimeSpan.FromHours(2);

    private static readonly TimeSpan SignsWithin = TimeSpan.FromMinutes(10);

    /// <summary>Runs that began before the interlock leave a signer stopped.</summary>
    private const string Interlock = "restore-signer";

    private readonly BackupRestoreInput input;
    private NodeSlice slice = null!;
    private RestoreCalls calls = null!;
    private RestoreSteps steps = null!;
    private SignerSteps signer = null!;
    private PowerSteps budget = null!;
    private BackupChoice? choice;
    private LostHome? lost;
    private ConfigurationPlan? laying;
    private NodeObservation node = null!;
    private StagedState staged = null!;
    private ChainObservation chain = null!;
    private bool older;
    private int round = 1;
    private bool? interlocked;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public BackupRestoreWorkflow(BackupRestoreInput input)
        : base(RunHeader.Of(input, WorkflowTypes.BackupRestore, "Backup restore", "node/" + input.Node)) => this.input = input;

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(BackupRestoreInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned
    {
        get
        {
            var pinned = choice is null ? input with { Takeover = null } : input with { Takeover = null, Backup = choice.Backup.Id, At = null };
            return lost?.Pin(pinned) ?? pinned;
        }
    }

    private bool Signs => slice.Target.Node.Kind == NodeKind.Validator || node.HoldsConsensusKey;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => RestoreInputRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        calls = new(slice, Flow.Keys);
        steps = new(slice.Target.Node, calls);
        signer = new(slice, Flow.Keys, () => State);
        budget = new(slice, () => State);
        var spec = slice.Target.Node;
        facts.Record("estate", $"{slice.Target.EstateDigest[..Math.Min(12, slice.Target.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        facts.Record("target", $"{spec.Name}: {spec.Kind} in {spec.Region}, {spec.Control.Type}");
        return new()
        {
            Region = spec.Region,
            Rto = slice.Rto.FirstOrDefault(r => r.Component == spec.Kind && r.Class == input.IncidentClass)?.Target,
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,
            Locks = [Names.LockId("node", spec.Name)],
            SharedLocks = [Names.LockId("region", spec.Region)],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (choice is null)
        {
            choice = await calls.ChooseAsync(input.Kind, input.At is null ? RestoreInputRules.Selector(input) : "newest", input.At);
            older = choice.Newer.Count > 0;
        }
        else
        {
            // The backup of this run is chosen once: what comes later is looked at, but another backup would be another plan.
            choice = (await calls.ChooseAsync(input.Kind, choice.Backup.Id, null)) with { Newest = choice.Newest };
        }

        node = await calls.ObserveAsync();
        var missing = input.Takeover is null ? input.HomeMissing ?? node.MissingFromHome : input.HomeMissing ?? [];
        if (lost is null && input.Kind == BackupKinds.ChainState && missing.Count > 0)
        {
            // From now on it is a lost home for this run, whatever is put into it meanwhile: the plan stays what was approved.
            lost = await LostHome.FindAsync(slice, Flow.Keys, missing, input.Configuration);
        }

        staged = await calls.StagedAsync(choice);
        chain = await calls.ObserveChainAsync();
        RestoreFacts.Record(facts, choice, node, staged, chain);
        lost?.Record(facts, node);
        if (Signs && input.Kind == BackupKinds.ChainState && (interlocked ??= Workflow.Patched(Interlock)))
        {
            if (Flow.Round != round)
            {
                signer.Relapsed();
                budget.Relapsed();
            }

            await signer.GatherAsync(facts, input.Takeover);
            await budget.GatherAsync(facts, signer.Seen?.Signer?.Address, node.Process == ProcessState.Running ? ["stop"] : [], takeover: input.Takeover);
        }

        round = Flow.Round;
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        if (input.Kind == BackupKinds.Configuration)
        {
            return (laying ??= new(slice, Flow.Keys, calls)).Draft(choice!, node, older);
        }

        var spec = slice.Target.Node;
        var backup = choice!.Backup;
        var signs = steps.Signs = Signs;
        steps.Choice = choice;
        steps.HomeIsLost = lost is not null;
        signer.Starts = interlocked == true && lost?.WhyKeyless is null;
        var noStart = !signs ? null : interlocked == true ? signer.WhyNoStart(lost?.WhyKeyless) : "not configured: signer interlock; the node stays stopped";
        var noProof = noStart ?? RestoreInputRules.WhyNoProof(input.Kind, slice);
        return new()
        {
            Watch = noProof is null
                ? new(RestoreInputRules.WatchFor(input.Watch, slice), $"the health of {spec.Name}", (left, token) => calls.WatchAsync(backup.Height + 1, left, token))
                : null,
            Bounds = [.. RestoreFacts.Bounds(slice, choice, chain, older), .. lost?.Bounds() ?? [], .. signer.Bounds(), .. budget.Bounds()],
            Risks = [.. budget.Risks(), .. RestoreFacts.Risks(choice, node, older), .. lost?.Risks(node) ?? [], .. SignerRisks(noStart)],
            Gates =
            [
                .. budget.Gates(),
                .. signer.Gates(),
                .. older || !slice.Approvals.NotNeededFor.Contains(spec.Kind)
                    ? [new GateDeclaration("restore", $"Replace the data of {spec.Name} by backup {backup.Id}{(older ? ", which is older than the newest" : "")}{lost?.Question}?", lost is null ? "download" : "stop")]
                    : Array.Empty<GateDeclaration>(),
            ],
            Steps = budget.Guarded(LostHome.Arrange(lost,
            [
                .. signer.Before([.. steps.Declare(1, null, noStart).SelectMany(step => step.Id == "stop" ? [.. budget.Reserve("3.1"), step] : new[] { step })], "start", 5),
                new()
                {
                    Number = "7", Id = "prove", Title = "Prove it: the height advances, the app hash equals the references' at equal height",
                    LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(backup.Height + 1, int.MaxValue / 2, ProveWithin)),
                },
                new()
                {
                    Number = "8", Id = "reconcile", Title = "Reconcile: block sync closes the gap in heights",
                    LeftOut = noProof, LeftOutMatters = true,
                    Skippable = true, Unproven = "the gap to the chain is not closed yet",
                    Act = async _ => RestoreFacts.Gap(
                        backup.Height, await calls.AwaitHealthyAsync(backup.Height + 1, slice.Target.Chain.MaxLagBlocks, ReconcileWithin)),
                },
                .. signs && interlocked == true ? [signer.Proof("9", noProof, SignsWithin), .. budget.Release("9.1", noProof)] : Array.Empty<StepDeclaration>(),
            ]), "stop", "signer-fence"),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() =>
    [
        .. steps.LeftBehind,
        .. lost?.LeftBehind() ?? [],
        .. laying?.LeftBehind() ?? [],
    ];

    private IEnumerable<string> SignerRisks(string? noStart) => interlocked != true ? []
        : noStart is null ? [$"{slice.Target.Node.Name} may sign blocks: it starts through its gate only, which asks who may sign"]
        : [$"{slice.Target.Node.Name} may sign blocks: it stays stopped until it is proven that no other copy of its key runs"];
}
