using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>
/// RB-DR-004, data corruption: a node is stopped, what it holds is preserved, the good height is found, and only then something is undone or replaced. Several nodes are
/// stopped, copied and judged together, and cured one after the other.
/// </summary>
[Workflow(WorkflowTypes.DataCorruption)]
public sealed class DataCorruptionWorkflow : Runbook
{
    /// <summary>The update, and signal, by which people say that others are back.</summary>
    public const string OthersReadyMessage = "othersReady";

    private readonly DataCorruptionInput input;
    private readonly List<CorruptNode> all = [];
    private IReadOnlyList<CorruptNode> nodes = [];
    private readonly SortedDictionary<string, Func<TimeSpan, CancellationToken, Task<WatchReport>>> watched = new(StringComparer.Ordinal);
    private IReadOnlyList<string> relapsed = [];
    private int round = 1;
    private CoordinatedSteps? together;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public DataCorruptionWorkflow(DataCorruptionInput input)
        : base(RunHeader.Of(input, WorkflowTypes.DataCorruption, "Data corruption", "node/" + string.Join(",", input.Names)))
    {
        this.input = input;
    }

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(DataCorruptionInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => all is [var only]
        ? input with { Takeover = null, Recovery = only.Chosen.Recovery, Backup = only.Chosen.Backup, Configuration = only.Chosen.Configuration }
        : input with { Takeover = null, Chosen = all.Count == 0 ? input.Chosen : all.ToDictionary(node => node.Spec.Name, node => node.Chosen) };

    /// <summary>Somebody says that other validators carried the plan out.</summary>
    [WorkflowUpdate(OthersReadyMessage)]
    public Task<OthersReadyReply> OthersReadyAsync(OthersReady word) => Task.FromResult(Say(word));

    /// <summary>See <see cref="OthersReadyAsync"/>.</summary>
    [WorkflowSignal(OthersReadyMessage)]
    public Task OthersReadySignalAsync(OthersReady word)
    {
        _ = Say(word);
        return Task.CompletedTask;
    }

    // ---- Facts ----

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => DataCorruptionRules.Check(input);

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        foreach (var name in input.Names)
        {
            var slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(name), Policies.Probe("reads the estate"));
            Pin(facts, slice);
        }

        // Those that serve come first, and a signer last: what it needs to catch up is there by then.
        nodes = [.. all.OrderBy(node => node.Spec.Kind == NodeKind.Validator)];
        var first = nodes[0].Slice;
        together = input.Coordinated is { } spec ? new(spec, input.Height ?? 0, first, Ours, () => Flow.Leaving) : null;
        var regions = all.Select(node => node.Spec.Region).Distinct().Order(StringComparer.Ordinal).ToArray();
        return new()
        {
            Region = string.Join(",", regions),
            Rto = all.Select(node => node.Slice.Rto.FirstOrDefault(r => r.Component == node.Spec.Kind && r.Class == input.IncidentClass)?.Target).Max(),
            Approvals = first.Approvals,
            Channels = first.Channels,
            Simulated = first.Simulated,

            // One node of a region is taken out of service at a time, but for those of this run.
            Locks = [.. all.Select(node => Names.LockId("node", node.Spec.Name)), .. regions.Select(region => Names.LockId("cure", region))],
            SharedLocks = [.. regions.Select(region => Names.LockId("region", region))],
            Relapses = first.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (Flow.Round != round)
        {
            // Who stayed healthy has no part in the next plan.
            round = Flow.Round;
            nodes = [.. all.Where(node => relapsed.Contains(node.Spec.Name))];
            foreach (var node in nodes)
            {
                node.Relapsed();
            }
        }

        foreach (var node in AtTurn())
        {
            await node.GatherAsync(facts);
        }

        if (together is not null)
        {
            await together.GatherAsync(facts);
        }

        if (nodes.Count > 1 && input.Takeover is null && !nodes.Any(node => node.Contained || node.Diagnosis.HasSource) && nodes.FirstOrDefault(node => node.Diagnosis.IsSource) is { } last)
        {
            throw new ApplicationFailureException(
                $"{last.Spec.Name} is the last node that answers with a young block, and nothing speaks against its state: without it nobody is left to compare with or to catch up from. Nothing was touched: leave it out of this run",
                ErrorTypes.Conflict, nonRetryable: true);
        }
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        var (early, late) = (nodes.Where(node => !node.Late).Select(node => new CorruptPlan(node)).ToArray(), nodes.Where(node => node.Late).Select(node => new CorruptPlan(node)).ToArray());
        CorruptPlan[] plans = [.. early, .. late];
        var steps = early.SelectMany(plan => plan.Contain())
            .Concat(early.SelectMany(plan => plan.Preserve(early.Length > 1 ? PreserveSteps.Id : null)))
            .Concat(early.SelectMany(plan => plan.Diagnose(plan == early[^1])))
            .Concat(early.SelectMany(plan => plan.Decide(plan == early[^1])))
            .Concat(together is null ? early.SelectMany(plan => plan.Cure()) : [.. together.Declare(4), .. early.SelectMany(plan => plan.Recover()), .. early.SelectMany(plan => plan.Prove())])
            .Concat(late.SelectMany(plan => plan.All()));
        return new()
        {
            Watch = Watch(plans),
            Bounds = [.. together?.Bounds ?? [], .. plans.SelectMany(plan => plan.Bounds())],
            Risks = [.. together?.Risks ?? [], .. plans.SelectMany(plan => plan.Risks())],
            Gates = [.. nodes.All(node => node.Settled) ? together?.Gates ?? [] : [], .. plans.SelectMany(plan => plan.Gates())],
            Steps = all.Count == 1 ? [.. steps] : [.. steps.Select((step, i) => step with { Number = FormattableString.Invariant($"{i + 1}") })],
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() => [.. together?.LeftBehind ?? [], .. all.SelectMany(node => (IEnumerable<string>)[.. node.Preserve.LeftBehind, .. node.Restore.LeftBehind, .. node.Configuration.LeftBehind])];

    private OthersReadyReply Say(OthersReady word)
    {
        var reply = together?.Say(word) ?? new(false, "this run recovers its own nodes only: it waits for nobody else");
        Flow.Note(word.By, "others.ready", $"{(reply.Counted ? "" : "does not count: ")}{reply.Text} {word.Why}");
        return reply;
    }

    /// <summary>The nodes of this run by consensus address, those without one by their name.</summary>
    private Dictionary<string, string?> Ours() => all.ToDictionary(node => node.Signs ? node.Signer.Seen?.Signer?.Address ?? node.Spec.Name : node.Spec.Name, node => (string?)node.Spec.Name);

    private void Pin(FactBook facts, NodeSlice slice)
    {
        var spec = slice.Target.Node;
        var part = new Part(input.Names.Count == 1 ? null : spec.Name);
        part.Of(facts).Record("estate", $"{slice.Target.EstateDigest[..Math.Min(12, slice.Target.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        part.Of(facts).Record("target", $"{spec.Name}: {spec.Kind} in {spec.Region}, {spec.Control.Type}");
        if (spec.Kind is not (NodeKind.Validator or NodeKind.Full or NodeKind.Archive))
        {
            throw new ApplicationFailureException($"node: {spec.Name} is a {spec.Kind} and holds no chain state; its files come back by RB-DR-006 (--kind {BackupKinds.ProviderState} or {BackupKinds.Configuration})", ErrorTypes.InvalidInput, nonRetryable: true);
        }

        all.Add(new(slice, part, input, Flow.Keys, () => State, () => [.. nodes.Where(other => other.Spec.Name != spec.Name && !other.Cured).Select(other => other.Spec.Name)]));
    }

    /// <summary>Whoever the next step may concern: all until everything is decided, then the one that is at its turn, and whoever is to be restored and has no backup chosen: it has no step that could be next. Looking at all of them at every step would only fill the history.</summary>
    private IEnumerable<CorruptNode> AtTurn()
    {
        var next = State.Steps.FirstOrDefault(step => step.Status is StepStatus.Waiting or StepStatus.Failed or StepStatus.Running)?.Id;
        return input.Takeover is not null || next is null || nodes.Any(node => !node.Known) || nodes.Any(node => !node.Late && !node.Settled) ? nodes : nodes.Where(node => node.Part.Owns(next) || (together is not null && node.LacksBackup));
    }

    private WatchDeclaration? Watch(CorruptPlan[] plans)
    {
        // Who came back before a relapse of another one is watched on with it.
        foreach (var plan in plans)
        {
            if (plan.Watch is { } watch)
            {
                watched[plan.Name] = watch;
            }
            else
            {
                watched.Remove(plan.Name);
            }
        }

        return watched.Count == 0 ? null : new(
            RestoreInputRules.WatchFor(input.Watch, all[0].Slice), $"the health of {string.Join(", ", watched.Keys)}",
            async (left, token) =>
            {
                var (report, who) = await WatchedTogether.UntilAsync([.. watched.Select(one => (one.Key, one.Value))], left, token);
                relapsed = who;
                return report;
            });
    }
}
