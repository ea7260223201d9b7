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
public sealed class ZoneFailoverWorkflow : Runbook
{
    private const int TwoPeople = 2;
    private static readonly TimeSpan RolloutWithin = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan ChainWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromHours(1);

    private readonly ZoneFailoverInput input;
    private ZoneSlice slice = null!;
    private ClusterCalls calls = null!;
    private ClusterObservation now = null!;
    private ZoneSight zone = null!;
    private PowerReport? power;
    private IReadOnlyDictionary<string, ScaleAway>? scales;
    private bool? lookedHealthy;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public ZoneFailoverWorkflow(ZoneFailoverInput input)
        : base(HeaderOf(input)) => this.input = input;

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(ZoneFailoverInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => input with { Takeover = null, Scales = scales };

    private TimeSpan Rollout => input.Rollout ?? RolloutWithin;

    private TimeSpan Evict => input.Evict ?? RolloutWithin;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => ZoneRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.ZoneAsync(input.Region, input.Zone), Policies.Probe("reads the estate"));
        calls = new(slice);
        facts.Record("estate", $"{slice.EstateDigest[..Math.Min(12, slice.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        return new()
        {
            Region = input.Region,
            Rto = slice.Rto.Select(rto => rto.Target).Where(target => target is not null).Max(),
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,
            Locks = [Names.LockId("zone", $"{input.Region}/{input.Zone}"), Names.LockId("cluster", input.Region)],
            SharedLocks = [Names.LockId("region", input.Region)],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        now = await calls.LookAsync();
        zone = ZoneSight.Of(now, slice.Zone);
        facts.Record("zone", zone.Text, now.At);
        if (zone.Nodes.Count == 0 && input.Takeover is null && !Flow.State.Steps.Any(step => step.Status == StepStatus.Done))
        {
            throw new ApplicationFailureException(
                $"the cluster of {slice.Target.Region} has no machine in {slice.Zone}; its zones are {string.Join(", ", now.Nodes.Select(node => node.Zone).OfType<string>().Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}",
                ErrorTypes.Conflict, nonRetryable: true);
        }

        lookedHealthy ??= zone.LooksHealthy;
        scales ??= ZonePlan.Scales(input, slice, now);
        facts.Record("workloads", ZonePlan.Describe(now), now.At);
        facts.Record("room", Room.Text, now.At);
        facts.Record("budgets", ZonePlan.DescribeBudgets(now), now.At);
        if (slice.Validators.Count > 0 && slice.References.Count > 0)
        {
            power = await calls.PowerAsync();
            facts.Record("power", VotingPower.Describe(power, slice.Chain.BlockTime), power.At);
        }
    }

    private Headroom Room => Headroom.Of(now, slice.Zone, scales!.ToDictionary(one => one.Key, one => one.Value.To, StringComparer.Ordinal));

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful) => new()
    {
        Watch = new(input.Watch ?? WatchPeriod, $"the workloads of {input.Region} outside {input.Zone}", (left, token) => calls.WatchAsync(input.Zone, left, token)),
        Bounds =
        [
            Bound.Exactly("zone", $"{input.Zone} of {input.Region} is emptied"),
            .. scales!.Select(one => Bound.Exactly(ScaleSteps.IdOf(one.Key), FormattableString.Invariant($"{one.Key} wants {one.Value.To} pods"))),
        ],
        Risks = [.. ZonePlan.Risks(slice, now, zone, Room, power)],
        Gates = [new("zone", Question, "cordon") { Required = lookedHealthy == true ? TwoPeople : 1 }],
        Steps =
        [
            new()
            {
                Number = "1", Id = "confirm", Title = $"Confirm what {input.Zone} looks like",
                Act = _ => Task.FromResult<string?>(zone.Text),
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
                Describe = () => calls.CordonAsync(), After = ZoneSight.Cordoned, Partials = [ZoneSight.Some],
                Act = async act => await calls.CordonAsync(act.Key),
                UndoAct = act => calls.UncordonAsync(act.Key, act.Key.WorkflowId),
            },
            .. ScaleSteps.Away("4", calls, scales!),
            new()
            {
                Number = "5", Id = "evict", Title = $"Evict what is left in {input.Zone}, honouring disruption budgets; validators and bound volumes stay", Parameters = [$"within={Evict}"],
                Changes = "pods of the workloads", Undo = UndoKind.Keep, KeptText = $"Pods that left {input.Zone} stay where they are: they have no home but a zone.",
                Skippable = true, Unproven = $"pods are left in {input.Zone}",
                Describe = async () => ZonePlan.Emptied(slice, ZoneSight.Of(await calls.LookAsync(), slice.Zone)), After = "empty",
                Act = async act => await calls.EvictAsync(act.Key, Evict),
            },
            new()
            {
                Number = "6", Id = "rollout", Title = "Wait for the rollout: every workload has as many ready pods outside the zone as it wants", Parameters = [$"within={Rollout}"], ProvesHealth = true,
                Act = async _ => await calls.AwaitRolloutAsync(input.Zone, Rollout),
            },
            new()
            {
                Number = "7", Id = "chain", Title = "Prove that the chain advances, as seen from outside the zone", LeftOut = slice.References.Count > 1 ? null : "not configured: fewer than two RPCs outside the zone", LeftOutMatters = true,
                Skippable = true, Unproven = "that the chain advances",
                Act = async _ => await calls.AwaitChainAsync(ChainWithin),
            },
        ],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() =>
    [
        $"{input.Zone} stays cordoned and its workloads stay scaled until: virtengine-dr run {WorkflowTypes.ZoneFailback} --region {input.Region} --zone {input.Zone}",
        .. zone.Pods.Where(pod => pod.Leaving).Select(pod => $"{pod.Name} was told to go, on {pod.Node}, which nobody hears: it may still run there"),
    ];

    // What a question says is what an approval binds to: no measurement stands in it.
    private string Question => lookedHealthy == true
        ? $"Empty {input.Zone}, although most of its machines were ready when the run began?"
        : $"Empty {input.Zone} and make its region whole without it?";

    private static RunHeader HeaderOf(ZoneFailoverInput input) => new()
    {
        Runbook = WorkflowTypes.ZoneFailover,
        Title = "Zone failover",
        Target = $"zone/{input.Region}/{input.Zone}",
        IncidentClass = input.IncidentClass,
        Mode = input.Mode,
        Operator = input.Operator,
        Reason = input.Reason,
        Ticket = input.Ticket,
        TriggeredAt = input.TriggeredAt,
        Takeover = input.Takeover,
    };
}
