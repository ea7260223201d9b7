using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>RB-DR-002, zone failover: no new pod goes into the zone, the region's workloads are made whole outside it, and what is left there is sent away. Validators are never touched.</summary>
[Workflow(WorkflowTypes.ZoneFailover)]
public sealed class ZoneFailoverWorkflow : ZoneRunbook
{
    private const int TwoPeople = 2;
    private static readonly TimeSpan ChainWithin = TimeSpan.FromMinutes(10);

    private readonly ZoneFailoverInput input;
    private PowerReport? power;
    private IReadOnlyDictionary<string, ScaleAway>? scales;
    private bool? lookedHealthy;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public ZoneFailoverWorkflow(ZoneFailoverInput input)
        : base(RunHeader.Of(input, WorkflowTypes.ZoneFailover, "Zone failover", $"zone/{input.Region}/{input.Zone}"), input.Region, input.Zone) => this.input = input;

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(ZoneFailoverInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => input with { Takeover = null, Scales = scales };

    /// <inheritdoc/>
    protected override TimeSpan? Rto => Slice.Rto.Select(rto => rto.Target).Where(target => target is not null).Max();

    private TimeSpan Rollout => input.Rollout ?? RolloutWithin;

    private TimeSpan Evict => input.Evict ?? RolloutWithin;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => ZoneRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        await LookAsync(facts);
        if (Zone.Nodes.Count == 0 && input.Takeover is null && !Flow.State.Steps.Any(step => step.Status == StepStatus.Done))
        {
            throw new ApplicationFailureException(
                $"the cluster of {Slice.Target.Region} has no machine in {Slice.Zone}; its zones are {string.Join(", ", Now.Nodes.Select(node => node.Zone).OfType<string>().Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}",
                ErrorTypes.Conflict, nonRetryable: true);
        }

        lookedHealthy ??= Zone.LooksHealthy;
        scales ??= ZonePlan.Scales(input, Slice, Now);
        facts.Record("room", Room.Text, Now.At);
        facts.Record("budgets", ZonePlan.DescribeBudgets(Now), Now.At);
        if (Slice.Validators.Count > 0 && Slice.References.Count > 0)
        {
            power = await Calls.PowerAsync();
            facts.Record("power", VotingPower.Describe(power, Slice.Chain.BlockTime), power.At);
        }
    }

    private Headroom Room => Headroom.Of(Now, Slice.Zone, scales!.ToDictionary(one => one.Key, one => one.Value.To, StringComparer.Ordinal));

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful) => new()
    {
        Watch = new(input.Watch ?? WatchPeriod, $"the workloads of {input.Region} outside {input.Zone}", (left, token) => Calls.WatchAsync(input.Zone, left, token)),
        Bounds =
        [
            Bound.Exactly("zone", $"{input.Zone} of {input.Region} is emptied"),
            .. scales!.Select(one => Bound.Exactly(ScaleSteps.IdOf(one.Key), FormattableString.Invariant($"{one.Key} wants {one.Value.To} pods"))),
        ],
        Risks = [.. ZonePlan.Risks(Slice, Now, Zone, Room, power)],
        Gates = [new("zone", Question, "cordon") { Required = lookedHealthy == true ? TwoPeople : 1 }],
        Steps =
        [
            new()
            {
                Number = "1", Id = "confirm", Title = $"Confirm what {input.Zone} looks like",
                Act = _ => Task.FromResult<string?>(Zone.Text),
            },
            new()
            {
                Number = "2", Id = "preflight", Title = "Preflight: room in the other zones, budgets, volumes that cannot leave, voting power there",
                Act = _ => Room.Fits ? Task.FromResult<string?>(Room.Text) : throw new ApplicationFailureException(
                    $"{Room.Text}. Add machines outside {input.Zone}, or lower zoneReplicas in the estate, then retry; skip goes on with what fits", ErrorTypes.Conflict, nonRetryable: true),
                Skippable = true, Unproven = "not all pods find room outside the zone",
            },
            new()
            {
                Number = "3", Id = "cordon", Title = $"Cordon the machines of {input.Zone}: no new pod goes there", Contains = true, Changes = "which machines take pods",
                Undo = UndoKind.Restore, UndoRisk = "lets pods go into the zone again",
                Describe = () => Calls.CordonAsync(), After = ZoneSight.Cordoned, Partials = [ZoneSight.Some],
                Act = async act => await Calls.CordonAsync(act.Key),
                UndoAct = act => Calls.UncordonAsync(act.Key, act.Key.WorkflowId),
            },
            .. ScaleSteps.Away("4", Calls, scales!),
            new()
            {
                Number = "5", Id = "evict", Title = $"Evict what is left in {input.Zone}, honouring disruption budgets; validators and bound volumes stay", Parameters = [$"within={Evict}"],
                Changes = "pods of the workloads", Undo = UndoKind.Keep, KeptText = $"Pods that left {input.Zone} stay where they are: they have no home but a zone.",
                Skippable = true, Unproven = $"pods are left in {input.Zone}",
                Describe = async () => ZonePlan.Emptied(Slice, ZoneSight.Of(await Calls.LookAsync(), Slice.Zone)), After = "empty",
                Act = async act => await Calls.EvictAsync(act.Key, Evict),
            },
            new()
            {
                Number = "6", Id = "rollout", Title = "Wait for the rollout: every workload has as many ready pods outside the zone as it wants", Parameters = [$"within={Rollout}"], ProvesHealth = true,
                Act = async _ => await Calls.AwaitRolloutAsync(input.Zone, Rollout),
            },
            new()
            {
                Number = "7", Id = "chain", Title = "Prove that the chain advances, as seen from outside the zone", LeftOut = Slice.References.Count > 1 ? null : "not configured: fewer than two RPCs outside the zone", LeftOutMatters = true,
                Skippable = true, Unproven = "that the chain advances",
                Act = async _ => await Calls.AwaitChainAsync(ChainWithin),
            },
        ],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() =>
    [
        $"{input.Zone} stays cordoned and its workloads stay scaled until: virtengine-dr run {WorkflowTypes.ZoneFailback} --region {input.Region} --zone {input.Zone}",
        .. Zone.Pods.Where(pod => pod.Leaving).Select(pod => $"{pod.Name} was told to go, on {pod.Node}, which nobody hears: it may still run there"),
    ];

    // What a question says is what an approval binds to: no measurement stands in it.
    private string Question => lookedHealthy == true
        ? $"Empty {input.Zone}, although most of its machines were ready when the run began?"
        : $"Empty {input.Zone} and make its region whole without it?";
}
