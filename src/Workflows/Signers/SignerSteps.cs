using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>
/// The steps by which a key's own host gets the right to sign again: seal, fence, silence, judgement, object, record. The run decides nothing:
/// it collects what the rules ask for, and the machine looks for itself before it records.
/// </summary>
/// <param name="slice">The node on whose host the key is to be held.</param>
/// <param name="keys">The run's keys.</param>
/// <param name="run">The run as it is now: what people approved at its gates goes into the register.</param>
public sealed class SignerSteps(NodeSlice slice, StepKeys keys, Func<RunState> run)
{
    /// <summary>The id of the proof.</summary>
    public const string ProofId = "signs";

    private readonly SignerCalls calls = new(slice.Target);
    private readonly SignerApprovals approvals = new(run);
    private bool begun;
    private bool granted;
    private bool fileIsOld;
    private bool refused;
    private long epoch;
    private string nonce = "";
    private string askId = "";
    private string? lastHolder;
    private SealReport? seal;
    private SilenceReport? silence;
    private SlotObject? value;

    /// <summary>The ids of these steps, in their order.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["signer-seal", "signer-fence", "signer-silence", "signer-judge", "signer-put", "signer-record"];

    /// <summary>How the former holders are ended; each statement is held against the rules before anything is sealed, and again at the end.</summary>
    public HolderEnds Ends { get; } = new(slice);

    /// <summary>The key as it was seen last.</summary>
    public SignerReport? Seen { get; private set; }

    /// <summary>The machines that were fenced for the present epoch.</summary>
    public IReadOnlyList<string> Fences => [.. Ends.Answers.Select(answer => answer.Machine)];

    /// <summary>Why nothing here may start the node; null where its gate is there to decide.</summary>
    public string? WhyNotEnrolled => Seen?.NotEnrolled;

    /// <summary>The plan starts the node; where it does not, nobody is fenced.</summary>
    public bool Starts { get; set; }

    /// <summary>The gate would refuse: a new epoch is needed before the signer can start.</summary>
    public bool Needed => refused && Starts;

    /// <summary>Why the gate would refuse, by which a grant is needed.</summary>
    public IReadOnlyList<string> Reasons { get; private set; } = [];

    private string Node => slice.Target.Node.Name;

    private string Key => Seen?.Signer?.Address ?? "";

    private bool Halted => silence is { Halted: true };

    /// <summary>Why the plan leaves the start of a signer out; null where its gate is there to decide.</summary>
    /// <param name="keyless">Why there is no key to sign with on its host, where that is known; null where nothing speaks against it.</param>
    public string? WhyNoStart(string? keyless) => (WhyNotEnrolled ?? keyless) is { } why ? $"not configured: signer interlock ({why}); the node stays stopped" : null;

    /// <summary>A signer's right to start comes right before its start; nothing is put in where the gate would start it as things are.</summary>
    /// <param name="steps">The steps with the start.</param>
    /// <param name="start">The id of the start.</param>
    /// <param name="after">The number of the step before it.</param>
    public IEnumerable<StepDeclaration> Before(IReadOnlyList<StepDeclaration> steps, string start, int after) => steps.SelectMany(step => step.Id == start ? [.. Declare(after), step] : new[] { step });

    /// <summary>Looks who may sign. What is asked for stays what it is once the register was sealed for it.</summary>
    /// <param name="facts">The run's facts.</param>
    /// <param name="takeover">What another run left behind, where this one settles it: its steps belong into the plan, needed or not.</param>
    public async Task GatherAsync(FactBook facts, Takeover? takeover)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Seen = await calls.ObserveAsync();
        facts.Record("signer", Describe(Seen), Seen.At);
        if (Seen.Alarm is { } alarm && takeover is null)
        {
            throw new ApplicationFailureException($"{Node}: {alarm}. No run starts this signer before it is cleared.", ErrorTypes.Conflict, nonRetryable: true);
        }

        if (!begun)
        {
            (refused, Reasons, epoch) = (Seen.NotEnrolled is null && Seen.Refuses.Count > 0, Seen.Refuses, Seen.NextEpoch);
            refused |= takeover is not null && takeover.Run.Undo.Any(undo => undo.Step.StartsWith("signer-", StringComparison.Ordinal));
        }

        if (Ends.Ended.Count > 0 && Needed)
        {
            var ends = await calls.CheckEndsAsync(new(slice.Target, Seen.Signer!, epoch, Ends.Ended));
            facts.Record("ended", string.Join(" | ", ends.Texts));
            if (ends.Missing.Count > 0 && !begun && takeover is null)
            {
                throw Missing(ends.Missing);
            }
        }
    }

    /// <summary>A relapse: what was granted before stays so, and what is asked for next is another epoch with proofs of its own.</summary>
    public void Relapsed()
    {
        (begun, granted, fileIsOld, nonce, askId, lastHolder, seal, silence, value) = (false, false, false, "", "", null, null, null, null);
        Ends.Clear();
        approvals.Clear();
    }

    /// <summary>What an approval accepts.</summary>
    public IEnumerable<Bound> Bounds() => !Needed ? [] :
    [
        Bound.Exactly("signer", Text($"epoch {epoch} of key {Key} goes to machine {Seen!.Machine} of {Node}; every machine that may hold it now is ended before")),
        .. Ends.Accepted().Select(bound => Bound.Exactly(bound.Name, bound.Text)),
        .. Halted ? [Bound.Exactly("signer-halted", "the chain is halted: no silence is waited for, two people's word stands for it")] : Array.Empty<Bound>(),
    ];

    /// <summary>Where people decide; a grant that is recorded is not asked for again when the plan goes on with another cure.</summary>
    public IEnumerable<GateDeclaration> Gates() => !Needed || granted ? []
        : Halted ? SignerApprovals.OnHaltedChain(Node, Key, epoch, Ends.Text, fileIsOld ? "older than what the chain shows" : Ends.KnowsFileOf(lastHolder) ? null : "gone")
        : [new(SignerApprovals.GrantGate, $"Let {Node} sign for {Key}{(Ends.Reach.Count == 0 ? " again" : " and nobody else")}? Its gate refuses now: {string.Join("; ", Reasons)}", "signer-seal")];

    /// <summary>In order; nothing where the gate would start the signer as things are.</summary>
    /// <param name="after">The number of the step that they follow.</param>
    public IReadOnlyList<StepDeclaration> Declare(int after) => !Needed ? [] :
    [
        new()
        {
            Number = Text($"{after}.1"), Id = "signer-seal", Title = "Seal the register below the new epoch, so that nobody below can be granted any more", Parameters = [Text($"key={Key}"), Text($"epoch={epoch}")],
            Changes = "void objects in the register", Undo = UndoKind.Keep,
            KeptText = Text($"The register is sealed below epoch {epoch}: a machine that reboots now needs a new epoch before it signs."),
            Describe = () => Task.FromResult(seal is { Missing.Count: 0 } ? new Observed("sealed", "sealed") : new Observed("open", "not sealed")), After = "sealed",
            Act = SealAsync,
        },
        new()
        {
            Number = Text($"{after}.2"), Id = "signer-fence", Contains = true, Title = "Fence everybody who may hold the key: its gate writes the fence, stops the signer and shows its free lock", Parameters = [Text($"epoch={epoch}")],
            Changes = "the fence on each possible holder's machine; its signer stops", Undo = UndoKind.Keep,
            KeptText = Text($"Whoever held {Key} is fenced below epoch {epoch} and signs no more until a new epoch is granted: virtengine-dr run SignerMove --node {string.Join(" (or ", Ends.Reach.Keys.Order(StringComparer.Ordinal).Prepend(Node))}{(Ends.Reach.Count > 0 ? ")" : "")}"),
            Describe = () => Task.FromResult(seal is null || Ends.Open(seal.Holders, epoch).Any() ? new Observed("open", "not everybody who may hold the key is fenced") : new Observed("fenced", Ends.Text)), After = "fenced",
            Act = FenceAsync,
        },
        new()
        {
            Number = Text($"{after}.3"), Id = "signer-silence", Title = Text($"Silence: {SilenceRules.DefaultBlocks} blocks without a signature of this key, by two independent RPCs"),
            // On a halted chain there is none, and the plan is made anew with the gates that stand for it.
            Replans = true,
            Act = async act => (silence = await calls.AwaitSilenceAsync(Act(act.Key))).Text,
        },
        new()
        {
            Number = Text($"{after}.4"), Id = "signer-judge", Title = "Hold every proof against the rules",
            Act = JudgeAsync,
        },
        new()
        {
            Number = Text($"{after}.5"), Id = "signer-put", Title = Text($"Put the object of epoch {epoch}; it counts when a majority of the buckets holds it"),
            Changes = "the register", Undo = UndoKind.Keep, KeptText = Text($"Epoch {epoch} of {Key} stays granted to {Seen?.Machine}, which is the only one that may sign."),
            Describe = SlotAsync, After = "counts",
            Act = PutAsync,
        },
        new()
        {
            Number = Text($"{after}.6"), Id = "signer-record", Title = $"{Node} looks at the register itself, raises its HRS file to the floor and records the grant",
            Changes = $"the record and the HRS file of {Node}", Undo = UndoKind.Keep, KeptText = $"The grant stays recorded on {Node}: its gate may start the signer.",
            Describe = RecordedAsync, After = "recorded",
            Act = async act => Describe(Seen = await calls.RecordAsync(Act(act.Key))),
        },
    ];

    /// <summary>That it signs, seen on the chain; for the end of a plan.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="leftOut">Why it is left out; null when it is carried out.</param>
    /// <param name="within">How long the signature may take.</param>
    public StepDeclaration Proof(string number, string? leftOut, TimeSpan within) => new()
    {
        Number = number,
        Id = ProofId,
        Title = $"Prove that it signs: a commit above everything known holds a signature of {Node}",
        LeftOut = leftOut,
        LeftOutMatters = true,
        Skippable = true,
        Unproven = "whether the validator signs is not known",
        Act = async _ =>
        {
            var now = await calls.ObserveAsync();
            var above = new[] { now.Floor.Height, Seen?.LastSigned?.Height ?? 0, Seen?.Floor.Height ?? 0 }.Max();
            var report = await calls.AwaitSignatureAsync(now.Signer ?? Seen!.Signer!, above, within);
            return Text($"the commit of height {report.Height} holds its signature, by {string.Join(", ", report.Sources)}; epoch {now.Epoch}, holder {now.Holder}");
        },
    };

    private static string Describe(SignerReport seen) => seen.NotEnrolled is { } why
        ? "not enrolled: " + why
        : Text($"{seen.State}: epoch {seen.Epoch} of {seen.Signer?.Address} is {seen.Holder ?? "nobody"}'s; this machine is {seen.Machine}: grant {seen.Grant}, fence {seen.Fence}, floor {seen.Floor}, HRS file {seen.LastSigned?.ToString() ?? "missing"}")
            + (seen.MaySign.Count > 0 ? "; may sign: " + string.Join(", ", seen.MaySign.Select(holder => Text($"{holder.Machine} (epoch {holder.Epoch}, {holder.Node ?? "unknown node"})"))) : "")
            + (seen.Evidence.Count > 0 ? "; evidence: " + string.Join(", ", seen.Evidence) : "")
            + (seen.Refuses.Count > 0 ? "; its gate refuses: " + string.Join("; ", seen.Refuses) : "; its gate would start it");

    private SignerAct Act(StepKey key) => new(key, slice.Target, Seen!.Signer!, epoch, nonce);

    private async Task<string?> SealAsync(StepAct act)
    {
        if (nonce.Length == 0)
        {
            (nonce, askId) = (Workflow.NewGuid().ToString("N"), Workflow.NewGuid().ToString("N"));
        }

        // From the put on the register names the new one: whose file counts is known now.
        lastHolder = Seen!.Holder;
        approvals.Collect(SignerApprovals.GrantGate);

        // Only a seal that holds binds the run to its epoch: where somebody came before, the next plan asks for a later one.
        seal = await calls.SealAsync(Act(act.Key));
        begun = seal.Missing.Count == 0;
        return begun ? Text($"sealed; may hold the key: {string.Join(", ", seal.Holders.Select(holder => holder.Machine).Distinct().DefaultIfEmpty("nobody"))}")
            : throw Missing(seal.Missing);
    }

    private async Task<string?> FenceAsync(StepAct act)
    {
        await Ends.FenceAsync((seal ?? throw new InvalidOperationException("the register is not sealed")).Holders, Act(act.Key), Seen!.Machine);
        return Ends.Text;
    }

    private async Task<string?> JudgeAsync(StepAct act)
    {
        if (Halted)
        {
            approvals.Collect(SignerApprovals.HaltedGate);
            approvals.Collect(SignerApprovals.VoteSetsGate);
        }

        var judged = await calls.JudgeAsync(new(Act(act.Key), Ends.Answers, silence!, approvals.Given, $"{Workflow.Info.WorkflowId}/{Workflow.Info.RunId}", askId) { Ended = Ends.Ended });

        // The file was read, and the chain shows that it is old: only whoever saw the votes can say where it stands.
        fileIsOld |= Halted && judged.Object is null && Ends.KnowsFileOf(lastHolder) && judged.Missing.Any(line => line.Contains(FloorRules.AllVoteSets, StringComparison.Ordinal));
        value = judged.Object ?? throw Missing(judged.Missing);
        return Text($"nothing is missing: epoch {value.Epoch} to {value.Holder}, nothing is signed at or below {value.Floor}; ended: {string.Join(", ", value.Evidence.Select(end => $"{end.Machine} by {end.Kind}"))}");
    }

    private async Task<Observed> SlotAsync()
    {
        if (value is null)
        {
            return new("open", "nothing was judged yet");
        }

        var slot = await calls.SlotAsync(Put(keys.Read("signer-put")));
        return slot.Counts ? new("counts", slot.Text) : new("open", slot.Text, slot.Taken is { } taken ? $"{taken}: start this run again, it asks for a later epoch" : null);
    }

    private async Task<string?> PutAsync(StepAct act)
    {
        var slot = await calls.PutAsync(Put(act.Key));
        return slot.Counts ? slot.Text : throw Missing([slot.Text]);
    }

    private SignerPut Put(StepKey key) => new(Act(key), value ?? throw new InvalidOperationException("nothing was judged"));

    private async Task<Observed> RecordedAsync()
    {
        var now = await calls.ObserveAsync();
        granted = now.Grant == epoch;
        return new(granted ? "recorded" : "not recorded", Describe(now));
    }

    /// <summary>What parks a step that lacks a proof.</summary>
    /// <param name="missing">All that is missing.</param>
    internal static ApplicationFailureException Missing(IReadOnlyList<string> missing) =>
        new("This is missing: " + string.Join("; ", missing), ErrorTypes.Conflict, nonRetryable: true);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
