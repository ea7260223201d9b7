using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>Brings home what RB-DR-002 sent away: the zone takes pods again, and the workloads go back to what they wanted, one at a time with a watch between. Cordons of people stay theirs.</summary>
[Workflow(WorkflowTypes.ZoneFailback)]
public sealed class ZoneFailbackWorkflow : ZoneRunbook
{
    private static readonly TimeSpan SettlePeriod = TimeSpan.FromMinutes(5);

    private readonly ZoneFailbackInput input;
    private IReadOnlyList<string>? cordonedBy;
    private IReadOnlyDictionary<string, ScaleBack>? scales;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public ZoneFailbackWorkflow(ZoneFailbackInput input)
        : base(RunHeader.Of(input, WorkflowTypes.ZoneFailback, "Zone failback", $"zone/{input.Region}/{input.Zone}"), input.Region, input.Zone)
    {
        this.input = input;
        cordonedBy = input.CordonedBy;
        scales = input.Scales;
    }

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(ZoneFailbackInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => input with { Takeover = null, CordonedBy = cordonedBy, Scales = scales };

    private TimeSpan Settle => input.Settle ?? SettlePeriod;

    private TimeSpan Rollout => input.Rollout ?? RolloutWithin;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => ZoneRules.Check(input);

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        await LookAsync(facts);
        cordonedBy ??= Zone.CordonedBy;
        scales ??= Now.Workloads.Where(one => one.Former is not null).ToDictionary(one => one.Name, one => new ScaleBack(one.Desired, one.Former!.Value), StringComparer.Ordinal);
        facts.Record("away", Away);
        if (cordonedBy.Count == 0 && scales.Count == 0 && input.Takeover is null)
        {
            throw new ApplicationFailureException(
                $"there is nothing to bring home: no run's cordon stands in {input.Zone} and no workload of {input.Region} remembers a former number of pods", ErrorTypes.Conflict, nonRetryable: true);
        }
    }

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful) => new()
    {
        Watch = new(input.Watch ?? WatchPeriod, $"the workloads of {input.Region}", (left, token) => Calls.WatchAsync(null, left, token)),
        Bounds =
        [
            Bound.Exactly("cordons", $"the cordons of {string.Join(", ", cordonedBy!.DefaultIfEmpty("nobody"))} are lifted"),
            .. scales!.Select(one => Bound.Exactly(ScaleSteps.IdOf(one.Key), FormattableString.Invariant($"{one.Key} goes from {one.Value.From} to {one.Value.To} pods"))),
        ],
        Risks = [.. Risks()],
        Gates = [new("failback", $"Bring {input.Zone} home? Away: {Away}", "settled")],
        Steps =
        [
            new()
            {
                Number = "1", Id = "settled", Title = $"Every machine of {input.Zone} is ready and every workload whole, for {Settle}", Parameters = [$"for={Settle}"],
                Act = async _ => await Calls.SettleAsync(Settle),
            },
            .. cordonedBy!.Select((by, i) => new StepDeclaration
            {
                Number = FormattableString.Invariant($"2.{i + 1}"), Id = FormattableString.Invariant($"uncordon-{i + 1}"), Title = $"Lift the cordons of {by}: {input.Zone} takes pods again",
                Changes = "which machines take pods", Undo = UndoKind.Keep, KeptText = $"{input.Zone} takes pods again; RB-DR-002 empties it again.",
                Describe = async () => Lifted(ZoneSight.Of(await Calls.LookAsync(), Slice.Zone), by), After = "lifted",
                Act = async act => await Calls.UncordonAsync(act.Key, by),
            }),
            new()
            {
                Number = "3", Id = "watched", Title = $"The workloads stay whole for {Settle}", Parameters = [$"for={Settle}"],
                Act = async _ => await Calls.SettleAsync(Settle),
            },
            .. ScaleSteps.Home("4", Calls, scales!),
            new()
            {
                Number = "5", Id = "rollout", Title = "Every workload has as many ready pods as it wants, and none is left over", Parameters = [$"within={Rollout}"], ProvesHealth = true,
                Act = async _ => await Calls.AwaitRolloutAsync(null, Rollout),
            },
        ],
    };

    private string Away => string.Join(", ", scales!.OrderBy(one => one.Key, StringComparer.Ordinal)
        .Select(one => FormattableString.Invariant($"{one.Key} {one.Value.To} → {one.Value.From}")).DefaultIfEmpty("no workload was scaled"));

    private static Observed Lifted(ZoneSight zone, string by) => zone.CordonedBy.Contains(by) ? new("cordoned", zone.Text) : new("lifted", zone.Text);

    private IEnumerable<string> Risks()
    {
        if (Zone.Nodes.Any(node => node is { Cordoned: true, CordonedBy: null }))
        {
            yield return $"machines of {input.Zone} that somebody else cordoned stay cordoned: {string.Join(", ", Zone.Nodes.Where(node => node is { Cordoned: true, CordonedBy: null }).Select(node => node.Name))}";
        }

        foreach (var one in Now.Workloads.Where(one => one is { Found: true, Spread: false } && scales!.ContainsKey(one.Name)))
        {
            yield return $"{one.Name} is not told to spread over zones: its pods stay where they are now until they are made anew";
        }
    }
}
