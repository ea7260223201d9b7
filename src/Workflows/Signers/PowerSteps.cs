using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>
/// Keeps the chain alive while a runbook touches a validator that signs: its power is reserved before the first step that stops it, looked at again right
/// before each of them, and given back when it signs. Without a register there is no budget, and that is a risk of the plan.
/// </summary>
/// <param name="slice">The validator's node.</param>
/// <param name="run">The run as it is now: what people approved at its gate goes into the register.</param>
public sealed class PowerSteps(NodeSlice slice, Func<RunState> run)
{
    /// <summary>The gate of an act that may halt the chain.</summary>
    public const string HaltGate = "halt";

    /// <summary>The id of the step that reserves.</summary>
    public const string ReserveId = "power-reserve";

    /// <summary>The id of the step that gives back.</summary>
    public const string ReleaseId = "power-release";

    private const int TwoPeople = 2;

    private readonly HashSet<string> spent = new(StringComparer.Ordinal);
    private readonly HashSet<string> behind = new(StringComparer.Ordinal);
    private string address = "";
    private string askId = "";
    private bool needed;
    private bool touches;
    private bool reserved;
    private bool refused;
    private PowerBudgetReport? seen;

    private string Node => slice.Target.Node.Name;

    /// <summary>Looks whether the validator signs and could be touched. Once its power matters to a plan it stays a part of it.</summary>
    /// <param name="facts">The run's facts.</param>
    /// <param name="key">The consensus address; null where it is not known, and nothing here starts or stops a signer then.</param>
    /// <param name="stops">The ids of those steps of the plan that may stop a signer which runs now; none where none runs. A step that is behind stops nothing any more.</param>
    /// <param name="quiet">Its processes were all seen stopped: where nobody can count who signs, it is taken at that.</param>
    /// <param name="takeover">What another run left behind, where this one settles it.</param>
    public async Task GatherAsync(FactBook facts, string? key, IReadOnlyList<string> stops, bool quiet = false, Takeover? takeover = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(stops);
        var mayTouch = stops.Any(id => !behind.Contains(id));
        touches |= mayTouch;
        if (!slice.PowerBudget || key is null || !(mayTouch || needed || takeover is not null))
        {
            return;
        }

        address = key;
        needed |= takeover is not null && takeover.Run.Undo.Any(undo => undo.Step == ReserveId);
        seen = await Workflow.ExecuteActivityAsync((IPowerActivities a) => a.LookAsync(Query()), Policies.Probe("asks the power budget"));
        needed |= mayTouch && seen.Verdict != PowerVerdict.NotNeeded && (seen.Counted || !quiet);
        facts.Record("power budget", seen.Text, seen.At);
    }

    /// <summary>A relapse: what is touched next is reserved anew.</summary>
    public void Relapsed()
    {
        // What people said for the former round is not said for this one.
        behind.Clear();
        spent.UnionWith(Halting().Select(gate => gate.Digest ?? ""));
        (askId, needed, touches, reserved, refused, seen) = ("", false, false, false, false, null);
    }

    /// <summary>What an approval accepts.</summary>
    public IEnumerable<Bound> Bounds() => HaltIsAsked ? [Bound.Exactly(HaltGate, $"{Node} is touched although the chain may halt by it")] : [];

    /// <summary>Where people decide: an act that may halt the chain, or one that was refused once and is asked for again.</summary>
    public IEnumerable<GateDeclaration> Gates() => !HaltIsAsked ? [] :
    [
        new(HaltGate, $"Touch {Node} although the chain may halt? Now: {Reasons(seen!)}. It is let through only by two people. Or wait: pause, and resume when it is free.", ReserveId) { Required = TwoPeople },
    ];

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks() => touches && !slice.PowerBudget
        ? [$"there is no power budget (the estate names no signing.register): nothing keeps this run and another one from touching two signers at once; check by hand that nobody else works on a validator"]
        : seen is { Verdict: PowerVerdict.Refused } no && needed && !reserved ? [$"the power budget refuses to touch {Node} now: {Reasons(no)}"] : [];

    /// <summary>Reserves; nothing where touching the node takes no power away.</summary>
    /// <param name="number">The step's number.</param>
    public IEnumerable<StepDeclaration> Reserve(string number) => !needed ? [] :
    [
        new()
        {
            Number = number, Id = ReserveId, Title = $"Reserve the voting power of {Node}: one signer at a time, and more than two thirds go on signing", Parameters = [$"validator={address}"],
            Changes = "an object in the register", Undo = UndoKind.Keep,
            KeptText = $"The reservation of {Node} lapses by itself when this run is closed and {Node} is seen signing; else: virtengine-dr signer power --chain {slice.Target.Chain.Id}, and its 'release'",
            Describe = () => Task.FromResult(reserved ? new Observed("reserved", seen?.Text ?? "reserved") : new Observed("open", "nothing is reserved")), After = "reserved",
            Act = async _ => (await EnsureAsync()).Text,
        },
    ];

    /// <summary>Looks at the budget once more right before a step that stops the signer: much may have happened since.</summary>
    public StepDeclaration Guarded(StepDeclaration step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step with
        {
            Describe = step.Describe is null ? null : async () =>
            {
                var now = await step.Describe();
                return now.Value == step.After ? Behind(step, now) : now;
            },
            Act = async act =>
            {
                if (needed)
                {
                    await EnsureAsync();
                }

                return Behind(step, await step.Act(act));
            },
        };
    }

    /// <summary>Those of these steps that stop the signer, guarded.</summary>
    /// <param name="steps">The plan's steps.</param>
    /// <param name="ids">The ids of those that stop it.</param>
    public IReadOnlyList<StepDeclaration> Guarded(IEnumerable<StepDeclaration> steps, params IReadOnlyList<string> ids) => [.. steps.Select(step => ids.Contains(step.Id) ? Guarded(step) : step)];

    /// <summary>Gives the reservation back; for after the proof that it signs.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="leftOut">Why it is left out: it was not proven that the validator signs.</param>
    public IEnumerable<StepDeclaration> Release(string number, string? leftOut) => !needed ? [] :
    [
        new()
        {
            Number = number, Id = ReleaseId, Title = $"Give the reservation of {Node} back: it signs", LeftOut = leftOut,
            Act = _ => ReleaseAsync(),
        },
    ];

    private T Behind<T>(StepDeclaration step, T what)
    {
        behind.Add(step.Id);
        return what;
    }

    private bool HaltIsAsked => needed && !reserved && seen is { Verdict: PowerVerdict.Refused } && (seen.Halts || refused);

    private static string Reasons(PowerBudgetReport report) => string.Join("; ", report.Reasons);

    private PowerQuery Query() => new(slice.Target.Chain.Id, address, Node, askId);

    private IEnumerable<GateState> Halting() => run().Gates.Where(gate => gate.Name == HaltGate && gate.Passed && !spent.Contains(gate.Digest ?? ""));

    private PowerReserve Ask() => new(
        Query(), $"{Workflow.Info.WorkflowId}/{Workflow.Info.FirstExecutionRunId}",
        [.. Halting().SelectMany(gate => gate.Approvals.Select(by => new SlotApproval(by, PowerRules.HaltApproval, $"gate {HaltGate} of {Workflow.Info.WorkflowId}, plan {gate.Digest}")))]);

    private async Task<PowerBudgetReport> EnsureAsync()
    {
        if (askId.Length == 0)
        {
            askId = Workflow.NewGuid().ToString("N");
        }

        // A call that failed may have reserved: the same ask is asked again.
        seen = await Workflow.ExecuteActivityAsync((IPowerActivities a) => a.ReserveAsync(Ask()), Policies.Mutate($"reserves the voting power of {Node}"));
        reserved = seen.Verdict != PowerVerdict.Refused;
        if (reserved)
        {
            return seen;
        }

        (askId, refused) = ("", true);
        throw new ApplicationFailureException(
            $"The power budget refuses to touch {Node}: {Reasons(seen)}. Wait until that is over and retry. Retry also asks two people at gate '{HaltGate}' whether it shall be done although the chain may halt. Reservations: virtengine-dr signer power --chain {slice.Target.Chain.Id}",
            ErrorTypes.Conflict, nonRetryable: true);
    }

    private async Task<string?> ReleaseAsync()
    {
        try
        {
            await Workflow.ExecuteActivityAsync((IPowerActivities a) => a.ReleaseAsync(Ask()), Policies.Mutate($"gives back the voting power of {Node}"));
            return "given back: it lapses with the next signature that is seen";
        }
        catch (ActivityFailureException e) when (!TemporalException.IsCanceledException(e))
        {
            // Nothing is lost by it: the next asker sees that this run is closed.
            return $"it stays until this run is closed and {Node} is seen signing: {Failure.From(e).Message}";
        }
    }
}
