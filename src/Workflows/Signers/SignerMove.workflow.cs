using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>
/// Moves the right to sign to another node's host: everybody who may hold the key is fenced on the own host first, and only then the new machine
/// is granted and started. The register and the machines decide; losing this run loses no safety.
/// </summary>
[Workflow(WorkflowTypes.SignerMove)]
public sealed class SignerMoveWorkflow : Runbook
{
    private static readonly TimeSpan ProveWithin = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SignsWithin = TimeSpan.FromMinutes(10);

    private readonly SignerMoveInput input;
    private NodeSlice slice = null!;
    private RestoreCalls calls = null!;
    private SignerSteps signer = null!;
    private PowerSteps budget = null!;
    private FormerHolders former = null!;
    private NodeObservation node = null!;
    private PowerReport power = null!;
    private int round = 1;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public SignerMoveWorkflow(SignerMoveInput input)
        : base(RunHeader.Of(input, WorkflowTypes.SignerMove, "Move a signer to another host", "node/" + input.Node)) => this.input = input;

    /// <summary>Runs the runbook; the last state is the result.</summary>
    [WorkflowRun]
    public Task<RunState> RunAsync(SignerMoveInput input) => Flow.RunAsync();

    /// <inheritdoc/>
    public override object Pinned => input with { Takeover = null };

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mistakes() => SignerMoveRules.Check(input);

    // ---- Facts ----

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), Policies.Probe("reads the estate"));
        calls = new(slice, Flow.Keys);
        signer = new(slice, Flow.Keys, () => State) { Starts = true, Ends = { Ended = input.Ended } };
        budget = new(slice, () => State);
        var spec = slice.Target.Node;
        var seen = await new SignerCalls(slice.Target).ObserveAsync();
        if (SignerMoveRules.WhyNot(spec, seen) is { } why)
        {
            throw new ApplicationFailureException(why, ErrorTypes.NotConfigured, nonRetryable: true);
        }

        former = await FormerHolders.OfAsync(spec.Name, seen, input.Ended);
        signer.Ends.Reach = former.Targets;
        facts.Record("estate", $"{slice.Target.EstateDigest[..Math.Min(12, slice.Target.EstateDigest.Length)]}, {(slice.Simulated ? "simulated" : "real")}");
        facts.Record("target", $"{spec.Name}: {spec.Kind} in {spec.Region}, {spec.Control.Type}");
        return new()
        {
            Region = spec.Region,
            Rto = slice.Rto.FirstOrDefault(r => r.Component == spec.Kind && r.Class == input.IncidentClass)?.Target,
            Approvals = slice.Approvals,
            Channels = slice.Channels,
            Simulated = slice.Simulated,
            Locks = [Names.LockId("signer", seen.Signer!.Address), .. former.Targets.Keys.Append(spec.Name).Order(StringComparer.Ordinal).Select(name => Names.LockId("node", name))],
            SharedLocks = [.. former.Targets.Values.Select(target => target.Node.Region).Append(spec.Region).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(region => Names.LockId("region", region))],
            Relapses = slice.Watch.Relapses,
        };
    }

    /// <inheritdoc/>
    public override async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        node = await calls.ObserveAsync();
        facts.Record("node", NodeFailureFacts.Describe(node), node.At);
        power = await Workflow.ExecuteActivityAsync(
            (IChainActivities a) => a.PowerAsync(new(slice.Target.Chain.Id, slice.References)), Policies.Probe("counts the voting power"));
        facts.Record("power", VotingPower.Describe(power, slice.Target.Chain.BlockTime), power.At);
        if (Flow.Round != round)
        {
            round = Flow.Round;
            signer.Relapsed();
            budget.Relapsed();
        }

        await former.LookAsync(facts);
        await signer.GatherAsync(facts, input.Takeover);

        // A key that signs nowhere is moved at any time; one that signs is silenced by its fence.
        await budget.GatherAsync(facts, signer.Seen?.Signer?.Address, signer.Needed ? ["signer-fence"] : [], quiet: !former.MayRun && node.Process != ProcessState.Running, input.Takeover);
        if (input.Takeover is null && SignerMoveRules.NotReady(slice.Target.Node, node) is { } notReady)
        {
            throw new ApplicationFailureException(notReady, ErrorTypes.Conflict, nonRetryable: true);
        }
    }

    // ---- Plan ----

    /// <inheritdoc/>
    public override PlanDraft Draft(bool ungraceful)
    {
        var name = slice.Target.Node.Name;
        var noProof = RestoreInputRules.WhyNoProof(Contracts.Backups.BackupKinds.ChainState, slice);
        return new()
        {
            Watch = noProof is null ? new(RestoreInputRules.WatchFor(input.Watch, slice), $"the health of {name}", (left, token) => calls.WatchAsync(1, left, token)) : null,
            Bounds = [.. signer.Bounds(), .. budget.Bounds()],
            Risks = [.. budget.Risks(), .. former.Risks(), .. SignerMoveRules.Risks(name, power), .. node.Unknowns.Select(unknown => "unknown: " + unknown)],
            Gates = [.. budget.Gates(), .. signer.Gates()],
            Steps = budget.Guarded(
            [
                new()
                {
                    Number = "1", Id = "assess", Title = "Assess: the voting power that signs, what may still go",
                    Act = _ => Task.FromResult<string?>(VotingPower.Describe(power, slice.Target.Chain.BlockTime)),
                },
                .. budget.Reserve("1.1"),
                new()
                {
                    Number = "2", Id = "stop", Title = $"End what is left of {name}: nothing of the key runs there before its grant", Changes = $"the process of {name}",
                    LeftOut = signer.Needed ? null : $"not needed: {name} holds the key and its gate would start it", Undo = UndoKind.Keep, KeptText = $"{name} stays stopped: nothing here starts a signer.",
                    Describe = () => calls.ProcessAsync(endsHung: true), After = "stopped",
                    Act = async act => $"{(await calls.EndAsync(act.Key)).Process}",
                },
                .. signer.Declare(2),
                new()
                {
                    Number = "3", Id = "start", Title = $"Start {name} through its gate: it catches up, then signs", Changes = $"the process of {name}", Undo = UndoKind.Restore,
                    Describe = () => calls.ProcessAsync(), After = "running",
                    Act = async act => $"{(await calls.StartAsync(act.Key)).Process}",
                    UndoAct = act => calls.StopAsync(act.Key),
                },
                new()
                {
                    Number = "4", Id = "prove", Title = "Prove it: the height advances, the app hash equals the references' at equal height, it has peers",
                    LeftOut = noProof, LeftOutMatters = true, ProvesHealth = true,
                    Act = async _ => RestoreFacts.Describe(await calls.AwaitHealthyAsync(1, slice.Target.Chain.MaxLagBlocks, ProveWithin)),
                },
                signer.Proof("5", null, SignsWithin),
                .. budget.Release("5.1", null),
            ], "stop", "signer-fence"),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LeftBehind() => signer.Fences.Count == 0 ? [] : [.. former.LeftBehind()];
}
