using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;
using VirtEngine.DR.Workflows.Signers;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>One node of a run of RB-DR-004: what is seen of it, what is decided, and whose turn which recovery is. <see cref="CorruptPlan"/> makes its steps of that.</summary>
public sealed class CorruptNode
{
    private static readonly string[] Stops = [ContainStep.Id, "stop", "signer-fence"];

    private readonly DataCorruptionInput input;
    private readonly Func<RunState> run;
    private bool? late;
    private bool stopping;

    /// <summary>One node.</summary>
    /// <param name="slice">The node.</param>
    /// <param name="part">Its part of the run.</param>
    /// <param name="input">What the run was started with.</param>
    /// <param name="keys">The run's keys.</param>
    /// <param name="run">The run as it is now.</param>
    /// <param name="doubted">The other nodes of this run that are not cured yet.</param>
    public CorruptNode(NodeSlice slice, Part part, DataCorruptionInput input, StepKeys keys, Func<RunState> run, Func<IReadOnlyCollection<string>> doubted)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(input);
        (Slice, Part, this.run) = (slice, part, () => part.Own(run()));
        this.input = input.Chosen?.GetValueOrDefault(slice.Target.Node.Name) is { } chosen ? input with { Recovery = chosen.Recovery, Backup = chosen.Backup, Configuration = chosen.Configuration } : input;
        Ladder = CureLadder.Asked(this.input.Recovery);
        Calls = new(slice, keys);
        var looks = new NodeFailureCalls(slice, Calls);
        var own = new CorruptionCalls(slice, keys);
        Looks = looks;
        Configuration = new(slice, keys, looks, Calls, () => Ladder, this.input.Configuration);
        Diagnosis = new(slice, own, Configuration, this.input, doubted);
        Preserve = new(Spec, own, input.WithoutCopy);
        Rollback = new(Spec, own, Calls, looks, () => Ladder);
        Restore = new(Spec, Calls) { EndsHung = true };
        Signer = new(slice, keys, this.run);
        Budget = new(slice, this.run);
        Proof = new(Spec, own, Calls, doubted, input.Coordinated?.Version);
    }

    /// <summary>The node.</summary>
    public NodeSlice Slice { get; }

    /// <summary>Its part of the run.</summary>
    public Part Part { get; }

    /// <summary>As the estate names it.</summary>
    public NodeSpec Spec => Slice.Target.Node;

    /// <summary>What was chosen, for whoever takes over.</summary>
    public CorruptionChoice Chosen => new(Ladder.Pinned, Choice?.Backup.Id ?? input.Backup, Configuration.BackupId ?? input.Configuration);

    /// <summary>It may sign.</summary>
    public bool Signs => Spec.Kind == NodeKind.Validator || Seen.HoldsConsensusKey;

    /// <summary>A signer that ran when it was first looked at: it is stopped only when its turn comes, for power is taken from one signer at a time. On a chain that stands there is none to take.</summary>
    public bool Late => late == true && input.Coordinated is null;

    /// <summary>It was looked at in this round.</summary>
    public bool Known => late is not null;

    /// <summary>It came back and was compared with the others: it is in doubt no more.</summary>
    public bool Cured => Done("agree");

    /// <summary>Its stop is behind, or on its way.</summary>
    public bool Contained => stopping || Done(ContainStep.Id);

    /// <summary>A person left it as it is, for the others' sake.</summary>
    public bool LeftAlone => StatusOf("decide") == StepStatus.Skipped;

    /// <summary>What was decided of it, or that nothing is.</summary>
    public bool Settled => Diagnosis.Decided || LeftAlone;

    internal DataCorruptionInput Input => input;

    internal NodeObservation Seen { get; private set; } = null!;

    internal PowerReport Power { get; private set; } = null!;

    internal RestoreCalls Calls { get; }

    internal NodeFailureCalls Looks { get; }

    internal CorruptionDiagnosis Diagnosis { get; }

    internal PreserveSteps Preserve { get; }

    internal RollbackSteps Rollback { get; }

    internal RestoreSteps Restore { get; }

    internal ConfigurationSteps Configuration { get; }

    internal SignerSteps Signer { get; }

    internal PowerSteps Budget { get; }

    internal CorruptionProof Proof { get; }

    internal CureLadder Ladder { get; private set; }

    internal BackupChoice? Choice { get; private set; }

    /// <summary>A relapse: what is found now decides anew, and what was of no lasting help is not tried again. The first copy stays the evidence.</summary>
    public void Relapsed()
    {
        (late, stopping, Choice) = (null, false, null);
        Diagnosis.Relapsed();
        Configuration.Relapsed();
        Ladder.Relapsed();
        Signer.Relapsed();
        Budget.Relapsed();
    }

    /// <summary>Looks at everything that its steps depend on.</summary>
    public async Task GatherAsync(FactBook book)
    {
        var facts = Part.Of(book);
        var takeover = Part.Own(input.Takeover);
        Seen = await Calls.ObserveAsync();
        Power = await Looks.PowerAsync();
        facts.Record("power", VotingPower.Describe(Power, Slice.Target.Chain.BlockTime), Power.At);
        facts.Record("node", NodeFailureFacts.Describe(Seen), Seen.At);
        await Diagnosis.GatherAsync(facts, Seen);
        late ??= Signs && Seen.Process == ProcessState.Running;
        if (Signs)
        {
            await Signer.GatherAsync(facts, takeover);
        }

        await Budget.GatherAsync(facts, Signs ? Signer.Seen?.Signer?.Address : null, Signs && Seen.Process == ProcessState.Running ? Stops : [], takeover: takeover);

        if (!Diagnosis.Decided)
        {
            Ladder = Ladder.For(Diagnosis.Verdict.Recoveries);
            Restore.WasHung = Seen.Hung;
        }

        if (takeover is null && !Contained && Diagnosis.Refusal is { } refusal)
        {
            throw new ApplicationFailureException(refusal, ErrorTypes.Conflict, nonRetryable: true);
        }

        await Configuration.GatherAsync(facts, input.Kind == CorruptionKinds.Config);
        await Preserve.GatherAsync(facts);
        await ChooseAsync(facts, takeover);
    }

    /// <summary>It is to be restored, and nobody has chosen from what.</summary>
    public bool LacksBackup => Diagnosis.Decided && Choice is null && Ladder.Due(Recoveries.Restore);

    /// <summary>Where a step of it is.</summary>
    public StepStatus? StatusOf(string step) => run().Steps.FirstOrDefault(one => one.Id == step)?.Status;

    /// <summary>A step of it is behind.</summary>
    public bool Done(string step) => StatusOf(step) is StepStatus.Done or StepStatus.AlreadySo or StepStatus.Skipped;

    /// <summary>Its stop is about to be sent.</summary>
    internal void Stopping() => stopping = true;

    /// <summary>Its steps that stop a signer, each looked at once more right before it.</summary>
    internal IReadOnlyList<StepDeclaration> Guarded(IEnumerable<StepDeclaration> steps) => Budget.Guarded(steps, Stops);

    private async Task ChooseAsync(FactBook facts, Takeover? takeover)
    {
        var undoes = takeover?.Run.Undo.Any(undo => RestoreSteps.Ids.Contains(undo.Step)) == true;
        if (!undoes && !Ladder.Due(Recoveries.Restore))
        {
            return;
        }

        // Before the diagnosis a backup is only forecast; afterwards there must be one, and it is chosen once: another would be another plan.
        var selector = Choice?.Backup.Id ?? input.Backup;
        var named = selector is not ("newest" or "newest-proven");
        Choice = Diagnosis.Decided || undoes
            ? await Calls.ChooseAsync(BackupKinds.ChainState, selector, null, named ? null : Diagnosis.Verdict.GoodHeight)
            : await Calls.ChooseOrNoneAsync(BackupKinds.ChainState, input.Backup);
        facts.Record("backup", Choice is null ? "none can be had now" : RestoreFacts.Describe(Choice));
        if (!Diagnosis.Decided && !undoes)
        {
            Choice = null;
        }
    }
}
