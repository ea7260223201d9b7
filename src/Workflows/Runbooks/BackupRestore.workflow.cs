using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>RB-DR-006, backup restore: a node's data is replaced by a backup's, and the node is proven healthy again.</summary>
[Workflow(WorkflowTypes.BackupRestore)]
public sealed class BackupRestoreWorkflow : Runbook
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ReconcileWithin = TimeSpan.FromHours(2);

    private readonly BackupRestoreInput input;
    private NodeSlice slice = null!;
    private RestoreCalls calls = null!;
    private BackupChoice? choice;
    private LostHome? lost;
    private ConfigurationPlan? laying;
    private NodeObservation node = null!;
    private StagedState staged = null!;
    private ChainObservation chain = null!;
    private string? former;
    private bool older;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public BackupRestoreWorkflow(BackupRestoreInput input)
        : base(HeaderOf(input)) => this.input = input;

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

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => RestoreInputRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        calls = new(slice, Flow.Keys);
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
        var signs = spec.Kind == NodeKind.Validator || node.HoldsConsensusKey;
        var noStart = signs ? "not configured: signer interlock; the node stays stopped" : null;
        var noProof = noStart ?? RestoreInputRules.WhyNoProof(input.Kind, slice);
        return new()
        {
            Watch = noProof is null
                ? new(RestoreInputRules.WatchFor(input, slice), $"the health of {spec.Name}", (left, token) => calls.WatchAsync(backup.Height + 1, left, token))
                : null,
            Bounds = [.. RestoreFacts.Bounds(slice, choice, chain, older), .. lost?.Bounds() ?? []],
            Risks = [.. RestoreFacts.Risks(choice, node, older), .. lost?.Risks(node) ?? []],
            Gates = older || !slice.Approvals.NotNeededFor.Contains(spec.Kind)
                ? [new("restore", $"Replace the data of {spec.Name} by backup {backup.Id}{(older ? ", which is older than the newest" : "")}{lost?.Question}?", lost is null ? "download" : "stop")]
                : [],
            Steps = LostHome.Arrange(lost,
            [
                new()
                {
                    Number = "1", Id = "choose", Title = "Choose the backup", Parameters = [$"backup={backup.Id}", $"manifest={backup.Digest}"],
                    Act = _ => Task.FromResult<string?>(RestoreFacts.Describe(choice)),
                },
                new()
                {
                    Number = "2", Id = "download", Title = "Download it into a staging folder beside the data", Parameters = [$"node={spec.Name}"],
                    Changes = "disk space on the node's host",
                    Undo = UndoKind.Keep,
                    KeptText = $"What is staged of backup {backup.Id} stays on {spec.Name}: virtengine-dr run RB-DR-006 --node {spec.Name} --backup {backup.Id} goes on with it.",
                    Describe = () => calls.StagingAsync(choice), After = "complete", Partials = ["partial"],
                    Act = async act => RestoreFacts.Describe(await calls.StageAsync(act.Key, choice)),
                },
                new()
                {
                    Number = "3", Id = "verify", Title = "Verify the signed manifest and every staged byte",
                    Act = async act => RestoreFacts.Describe(await calls.VerifyStagedAsync(act.Key, choice)),
                },
                new()
                {
                    Number = "4", Id = "stop", Title = $"Stop {spec.Name}", Changes = $"the process of {spec.Name}",
                    Undo = signs || lost is not null ? UndoKind.Keep : UndoKind.Restore,
                    KeptText = signs ? $"{spec.Name} stays stopped: nothing here starts a signer." : lost is not null ? $"{spec.Name} stays stopped: its home is lost." : "",
                    Describe = calls.ProcessAsync, After = "stopped",
                    Act = async act => $"{(await calls.StopAsync(act.Key)).Process}",
                    UndoAct = act => calls.StartAsync(act.Key), UndoRisk = "starts the node on its former data",
                },
                new()
                {
                    Number = "5", Id = "swap", Title = "Swap the staged data in; the former data stays beside it", Changes = $"the data of {spec.Name}",
                    Undo = UndoKind.Restore,
                    Describe = () => calls.SwapWorldAsync(choice), After = "swapped",
                    Act = async act => $"the former data is {former = (await calls.SwapAsync(act.Key, choice)).Kept ?? "gone (there was none)"}",
                    UndoAct = act => calls.SwapBackAsync(act.Key, choice), UndoRisk = "leads back to the data that was to be replaced",
                },
                new()
                {
                    Number = "6", Id = "start", Title = $"Start {spec.Name}: it replays its own WAL and syncs blocks", Changes = $"the process of {spec.Name}",
                    Undo = UndoKind.Restore, LeftOut = noStart, LeftOutMatters = true,
                    Describe = calls.ProcessAsync, After = "running",
                    Act = async act => $"{(await calls.StartAsync(act.Key)).Process}",
                    UndoAct = act => calls.StopAsync(act.Key),
                },
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
            ]),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() =>
    [
        .. former is null || former.StartsWith("gone", StringComparison.Ordinal)
            ? Array.Empty<string>()
            : [$"The former data of {input.Node} is kept in {former} on its host; remove that folder when it is not needed any more."],
        .. lost?.LeftBehind() ?? [],
        .. laying?.LeftBehind() ?? [],
    ];

    private static RunHeader HeaderOf(BackupRestoreInput input) => new()
    {
        Runbook = WorkflowTypes.BackupRestore,
        Title = "Backup restore",
        Target = "node/" + input.Node,
        IncidentClass = input.IncidentClass,
        Mode = input.Mode,
        Operator = input.Operator,
        Reason = input.Reason,
        Ticket = input.Ticket,
        TriggeredAt = input.TriggeredAt,
        Takeover = input.Takeover,
    };
}
