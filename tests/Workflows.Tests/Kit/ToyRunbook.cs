using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A runbook that has everything that Flow knows: two gates, independent steps, containment, a commit, a mode without the lost side.</summary>
[Workflow("Toy")]
public sealed class ToyRunbook : Runbook
{
    private readonly ToyInput input;
    private NodeSlice slice = null!;
    private long measure;

    [WorkflowInit]
    public ToyRunbook(ToyInput input)
        : base(new RunHeader
        {
            Runbook = "Toy",
            Title = "Toy",
            Target = "node/" + input.Target,
            Mode = input.Mode,
            Operator = input.Operator,
            Rank = input.Rank,
            IncidentClass = input.IncidentClass,
            Takeover = input.Takeover,
        }) =>
        this.input = input;

    public override object Pinned => input with { Takeover = null };

    public override bool HasUngraceful => true;

    [WorkflowRun]
    public Task<RunState> RunAsync(ToyInput input) => Flow.RunAsync();

    public override IReadOnlyList<string> Mistakes() => input.Target.Length == 0 ? ["target: is missing"] : [];

    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Target), Policies.Probe("estate"));
        return new()
        {
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,
            Relapses = slice.Watch.Relapses,
            Locks = [Names.LockId("node", input.Target), .. input.Region is { } own && !own.EndsWith('*') ? [Names.LockId("region", own)] : Array.Empty<string>()],
            SharedLocks = input.Region is { } shared && shared.EndsWith('*') ? [Names.LockId("region", shared.TrimEnd('*'))] : [],
        };
    }

    public override async Task GatherAsync(FactBook facts)
    {
        measure = await Workflow.ExecuteActivityAsync((IToyActivities a) => a.MeasureAsync(), Policies.Probe("measure"));
        facts.Record("measure", FormattableString.Invariant($"{measure}"));
    }

    public override PlanDraft Draft(bool ungraceful) => new()
    {
        Watch = new(input.Watch, "the toy", async (left, token) =>
        {
            var options = Policies.Watch("watch", left);
            options.CancellationToken = token;
            options.CancellationType = ActivityCancellationType.TryCancel;
            return await Workflow.ExecuteActivityAsync((IToyActivities a) => a.WatchAsync(left), options) switch
            {
                "well" => new(true, "well"),
                "unknown" => new(null, "nobody knows"),
                var other => new(false, other),
            };
        }),
        Bounds = [Bound.AtMost("n", "at most {n}", measure, measure + 10)],
        Gates = input.Gates ? [new("first", "Begin?", "a"), new("second", "Go on?", "lost")] : [],
        Steps =
        [
            Switch("1", "a"),
            Switch("2", "b1") with { Group = "b", Skippable = true, Unproven = "b1" },
            Switch("2", "b2") with { Group = "b" },
            Switch("3", "keep") with { Undo = UndoKind.Keep, KeptText = "keep stays on" },
            Switch("4", "lost") with { NeedsLostSide = true },
            Switch("5", "commit") with { Commit = true, Undo = UndoKind.None },
            new() { Number = "6", Id = "prove", Title = "Prove", ProvesHealth = true, Skippable = true, Unproven = "health", Act = async _ => await Read("prove") },
        ],
    };

    private static StepDeclaration Switch(string number, string id) => new()
    {
        Number = number,
        Id = id,
        Title = $"Switch {id} on",
        Changes = "switch " + id,
        Undo = UndoKind.Restore,
        After = "on",
        Partials = ["half"],
        Describe = async () =>
        {
            var value = await Workflow.ExecuteActivityAsync((IToyActivities a) => a.GetAsync(id), Policies.Probe("get " + id));
            return new(value, $"{id} is {value}");
        },
        Act = async act =>
        {
            await Workflow.ExecuteActivityAsync((IToyActivities a) => a.SetAsync(id, "on", act.Key), Policies.Mutate("set " + id));
            return "on";
        },
        UndoAct = act => Workflow.ExecuteActivityAsync((IToyActivities a) => a.SetAsync(id, act.Before!.Value, act.Key), Policies.Undo("set back " + id)),
    };

    private static Task<string> Read(string name) =>
        Workflow.ExecuteActivityAsync((IToyActivities a) => a.ReadAsync(name), Policies.Probe("read " + name));
}
