using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>
/// What RB-DR-004 finds out: before the node is stopped from its RPC and its log, afterwards from its stores. What was seen while it ran is kept, for a stopped node shows
/// none of it; what was decided stays decided, whatever the run's own acts make of the node.
/// </summary>
/// <param name="slice">The node.</param>
/// <param name="calls">The calls.</param>
/// <param name="configuration">The configuration, for a run that is started for it.</param>
/// <param name="input">What the run was started with.</param>
/// <param name="doubted">Other nodes of this run that are not cured yet: what they say does not count.</param>
public sealed class CorruptionDiagnosis(NodeSlice slice, CorruptionCalls calls, ConfigurationSteps configuration, DataCorruptionInput input, Func<IReadOnlyCollection<string>> doubted)
{
    private readonly List<Symptom> symptoms = [];
    private NodeSight? running;
    private StateAgreement? parted;
    private NodeStores? stores;
    private StoreCheck? check;
    private NodeObservation host = null!;
    private StateComparison compared = null!;

    /// <summary>What is corrupt, as far as it was looked at.</summary>
    public Verdict Verdict { get; private set; } = null!;

    /// <summary>People were shown the verdict and the run goes by it.</summary>
    public bool Decided { get; private set; }

    /// <summary>Nothing that was seen so far shows corruption, and nobody named a recovery.</summary>
    public bool ShowsNothing => input.Recovery == Recoveries.Auto && input.Kind != CorruptionKinds.Config && Verdict.Found is CorruptionClass.None or CorruptionClass.Unknown;

    /// <summary>Nothing may be undone or replaced here, whatever recovery people named.</summary>
    public bool Forbids => Verdict.Found is CorruptionClass.TwoSigners or CorruptionClass.UpgradeHalt or CorruptionClass.NoSpace
        || (Verdict.Found == CorruptionClass.ChainWide && input.Recovery == Recoveries.Auto && Verdict.Helpless)
        || (input.Coordinated is not null && Verdict.Helpless);

    /// <summary>Why the node must not even be stopped; null when it may.</summary>
    public string? Refusal => Forbids ? $"{Node}: {Verdict.Found}: {Verdict.Evidence}. Nothing of {Node} was touched: {Verdict.Why}" : null;

    /// <summary>Somebody who is not in doubt has a block that is young enough: whoever is cured can be compared and can catch up.</summary>
    public bool HasSource => View().Advances(slice.Target.Chain.MaxBlockAge) == true;

    /// <summary>This node is such a source itself: it runs, its newest block is young, and nothing speaks against its state.</summary>
    public bool IsSource => Verdict.Found is CorruptionClass.None or CorruptionClass.Unknown && host.Process == ProcessState.Running
        && compared.Nodes.Any(sight => sight.Node == Node && sight.Problem is null && sight.BlockTime is { } time && compared.At - time <= slice.Target.Chain.MaxBlockAge);

    /// <summary>The chain as the others show it.</summary>
    public ChainObservation Chain
    {
        get
        {
            var view = View();
            return new(compared.At, view.Tip > 0 ? view.Tip : null, view.Others.Max(other => other.BlockTime), [.. view.Others.Select(other => other.Node)], []);
        }
    }

    private string Node => slice.Target.Node.Name;

    /// <summary>Looks whether a source is left right before this node is stopped: much may have happened since the plan was made.</summary>
    public async Task<bool> StillHasSourceAsync()
    {
        compared = await calls.CompareAsync(stores?.State.Height);
        return HasSource;
    }

    /// <summary>Looks again, and judges unless it is decided.</summary>
    public async Task GatherAsync(FactBook facts, NodeObservation node)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(node);
        host = node;
        symptoms.AddRange(node.Symptoms.Where(symptom => !symptoms.Exists(known => known.Kind == symptom.Kind)));
        if (node.Process == ProcessState.Running)
        {
            // It may have run on since its stores were read.
            (stores, check) = Decided ? (stores, check) : (null, null);
        }

        compared = await calls.CompareAsync(stores?.State.Height);
        running = compared.Nodes.FirstOrDefault(sight => sight.Node == Node && sight.Problem is null) ?? running;
        if (!Decided)
        {
            Judge();
        }

        facts.Record("found", $"{Verdict.Found}: {Verdict.Evidence}. {Verdict.Why}", compared.At);
        facts.Record("others", string.Join("; ", compared.Nodes.Where(sight => sight.Node != Node).Select(Describe)), compared.At);
    }

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks()
    {
        var view = View();
        return
        [
            .. view.Others.Count == 1 ? [$"only {view.Others[0].Node} says what is right: one witness is believed"] : Array.Empty<string>(),
            .. view.Deviants().Select(other => $"another node is wrong too: {other}; virtengine-dr run RB-DR-004 for it"),
            .. stores is { } read ? new[] { read.Blocks.Unknown, read.State.Unknown, read.Application.Unknown }.OfType<string>().Distinct().Select(unknown => "unknown: " + unknown) : [],
            .. check is { } checks ? checks.Databases.Where(one => one.Unchecked is not null).Select(one => $"unknown: {one.Name} was not checked: {one.Unchecked}") : [],
        ];
    }

    /// <summary>Reads the stopped node's stores, or compares its configuration.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="replans">The plan is made again after it; one of several nodes waits for the last of them.</param>
    public StepDeclaration Declare(string number, bool replans) => new()
    {
        Number = number,
        Id = "diagnose",
        Title = input.Kind == CorruptionKinds.Config
            ? "Diagnose: download the configuration backup, verify it, compare every file with what is there"
            : "Diagnose: one node or the chain? Heights and app hashes against the others' at equal heights, every block of every database",
        Replans = replans,
        Act = async act => await ReadAsync(act),
    };

    /// <summary>Goes by the verdict from here on; parks where nothing here helps.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="canRecover">There is something that the run can do.</param>
    /// <param name="ofSeveral">It may be skipped for the sake of the other nodes.</param>
    /// <param name="replans">As for the diagnosis.</param>
    public StepDeclaration Decide(string number, Func<bool> canRecover, bool ofSeveral, bool replans)
    {
        ArgumentNullException.ThrowIfNull(canRecover);
        return new()
        {
            Number = number,
            Id = "decide",
            Title = "Decide by the table what is undone or replaced",
            Skippable = ofSeveral,
            Unproven = $"{Node} stays as it is, for nothing was decided for it: virtengine-dr run RB-DR-004 --node {Node}, or RB-DR-001 starts it",
            Replans = replans,
            Act = async act =>
            {
                if (Forbids || !canRecover())
                {
                    // People may have mended something since: the next plan is made from what is there now.
                    var former = $"{Verdict.Found}: {Verdict.Evidence}. {(input.Recovery == Recoveries.Rollback ? "A rollback was asked for, and no height to go back to is known" : Verdict.Why)}";
                    await ReadAsync(act);
                    throw new ApplicationFailureException($"{former}; retry looks again, {(ofSeveral ? "skip leaves this node as it is and goes on with the others, " : "")}abort leads back", ErrorTypes.Conflict, nonRetryable: true);
                }

                Decided = true;
                return $"{Verdict.Found}: {Verdict.Evidence}. {Verdict.Why}";
            },
        };
    }

    /// <summary>A relapse: everything is looked at anew.</summary>
    public void Relapsed()
    {
        (Decided, stores, check, running, parted) = (false, null, null, null, null);
        symptoms.Clear();
    }

    private async Task<string> ReadAsync(StepAct act)
    {
        if (input.Kind == CorruptionKinds.Config)
        {
            return await configuration.CompareAsync(act);
        }

        stores = await calls.StoresAsync();
        check = await calls.CheckAsync();
        var torn = Torn();
        return FormattableString.Invariant($"blocks {Describe(stores.Blocks)}, state {Describe(stores.State)}, application {Describe(stores.Application)}; {(torn.Count == 0 ? $"{check.Databases.Sum(one => one.Files)} files checked, nothing is torn" : "torn: " + string.Join("; ", torn))}");
    }

    private ChainView View() => new(compared, Node, doubted());

    private List<string> Torn() => check is null ? [] : [.. check.Databases.SelectMany(one => one.Findings).Select(finding => $"{finding.File}: {finding.What}")];

    private void Judge()
    {
        // Only a node that runs shows its blocks: that they are not the chain's is remembered from then.
        var state = StateAgreement.Of(compared, Node, Own(), doubted());
        parted = state.Verdict == Agreement.BlocksDiffer ? state : parted;
        Verdict = VerdictTable.Decide(Evidence(parted is null ? state : parted with { Height = state.Height ?? parted.Height }));
    }

    private CorruptionEvidence Evidence(StateAgreement state) => new()
    {
        Host = host,
        Symptoms = symptoms,
        State = state,
        Chain = View(),
        Torn = check is null ? null : Torn(),
        BlockAhead = stores is { Blocks.Height: { } blocks, State.Height: { } executed } && blocks > executed,
        Version = running?.Version,
        MaxBlockAge = slice.Target.Chain.MaxBlockAge,
        Kind = input.Kind,
        Configuration = configuration.Compared,
        NamedHeight = input.Height,
        Coordinated = input.Coordinated is not null,
    };

    private OwnState? Own() =>
        stores is { State: { Height: { } height, AppHash: { Length: > 0 } hash } } ? new(height, hash)
        : running is { AppHeight: > 0 } sight ? new(sight.AppHeight, sight.AppHash) : null;

    private static string Describe(StoreHeight store) => store.Height is { } height ? height.ToString(System.Globalization.CultureInfo.InvariantCulture) : "unknown";

    private static string Describe(NodeSight sight) => sight.Problem is { } problem ? $"{sight.Node}: {problem}"
        : FormattableString.Invariant($"{sight.Node}: height {sight.Height}, app hash {sight.AppHash[..Math.Min(12, sight.AppHash.Length)]} after {sight.AppHeight}");
}
