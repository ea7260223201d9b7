using System.Globalization;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Signers;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>
/// What RB-DR-006 does besides, where not only the data but the whole home is lost: genesis and configuration come from the newest configuration
/// backup, the p2p key is made anew, and a consensus key never appears.
/// </summary>
public sealed class LostHome
{
    /// <summary>The order of a run that needs a home first: nothing is staged, read or swapped before it knows where the node keeps what.</summary>
    private static readonly string[] Order = ["choose", PowerSteps.ReserveId, "stop", "prepare", "node-key", "download", "verify", "swap", .. SignerSteps.Ids, "start", "prove", "reconcile", SignerSteps.ProofId, PowerSteps.ReleaseId, "return"];
    private readonly NodeSlice slice;
    private readonly BackupChoice configuration;
    private readonly IReadOnlyList<string> missing;
    private readonly HomeCalls calls;

    private LostHome(NodeSlice slice, StepKeys keys, BackupChoice configuration, IReadOnlyList<string> missing)
    {
        this.slice = slice;
        this.configuration = configuration;
        this.missing = missing;
        calls = new(slice, keys, configuration);
    }

    /// <summary>The configuration backup.</summary>
    public string ConfigurationId => configuration.Backup.Id;

    /// <summary>What the home lacked.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>The rest of the gate's question.</summary>
    public string Question => $", after its lost home was prepared from configuration backup {configuration.Backup.Id}";

    /// <summary>Why a signer cannot be started on the prepared home; null for a node that signs nothing.</summary>
    public string? WhyKeyless => slice.Target.Node.Kind == NodeKind.Validator ? "its key is lost with its home, and none is ever restored: put it back, then virtengine-dr run RB-DR-001" : null;

    private string Node => slice.Target.Node.Name;

    private string Home => slice.Target.Node.Home;

    /// <summary>False for what is no chain's node: it has neither genesis nor p2p id.</summary>
    private bool Chain => !HealthCalls.IsProbed(slice.Target.Node.Kind);

    /// <summary>Chooses the configuration backup where the home is lost; null where it is whole.</summary>
    /// <param name="slice">The node.</param>
    /// <param name="keys">The run's keys.</param>
    /// <param name="missing">What it lacks.</param>
    /// <param name="empty">It lacks everything.</param>
    /// <param name="selector">Which backup.</param>
    public static async Task<LostHome?> IfLostAsync(NodeSlice slice, StepKeys keys, IReadOnlyList<string> missing, bool empty, string selector) =>
        empty || missing is { Count: > 0 } ? await FindAsync(slice, keys, empty ? ["everything"] : missing, selector) : null;

    /// <summary>Chooses the configuration backup.</summary>
    /// <exception cref="ApplicationFailureException">There is none, or it cannot be found out; the message says what to do.</exception>
    public static async Task<LostHome> FindAsync(NodeSlice slice, StepKeys keys, IReadOnlyList<string> missing, string selector)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(missing);
        try
        {
            return new(slice, keys, await BackupCalls.ChooseAsync(new(slice, BackupKinds.Configuration, selector, null)), missing);
        }
        catch (ActivityFailureException e)
        {
            var failure = Failure.From(e);
            throw new ApplicationFailureException(
                $"The home of {slice.Target.Node.Name}, {slice.Target.Node.Home}, is lost ({string.Join(", ", missing)} missing), and no configuration backup to prepare it from was found: {failure.Message}. "
                + (HealthCalls.IsProbed(slice.Target.Node.Kind) ? "Put its configuration there yourself" : "Put config.toml, app.toml and genesis.json into its config folder yourself")
                + " and start again, or name a backup with --configuration.",
                failure.Type, nonRetryable: failure.Permanent);
        }
    }

    /// <summary>The input with what this run found, for whoever takes over what it did.</summary>
    public BackupRestoreInput Pin(BackupRestoreInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input with { Configuration = ConfigurationId, HomeMissing = Missing };
    }

    /// <summary>Puts the steps in the order that a lost home needs; without one they stay as they are.</summary>
    public static IReadOnlyList<StepDeclaration> Arrange(LostHome? lost, IReadOnlyList<StepDeclaration> steps) => lost is null
        ? steps
        : [.. steps.Concat(lost.Steps()).OrderBy(step => Array.IndexOf(Order, step.Id))
            .Select((step, i) => step with { Number = (i + 1).ToString(CultureInfo.InvariantCulture) })];

    /// <summary>Records what was found.</summary>
    public void Record(FactBook facts, NodeObservation node)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(node);
        var now = node.MissingFromHome.Count > 0 ? $"lost: {string.Join(", ", node.MissingFromHome)} missing" : node.HomeEmpty ? "lost: missing or empty" : "was lost, is prepared";
        facts.Record("home", $"{Home}: {now}", node.At);
        facts.Record("configuration", RestoreFacts.Describe(configuration));
    }

    /// <summary>What an approval accepts besides.</summary>
    public IReadOnlyList<Bound> Bounds() =>
    [
        Bound.Exactly("configuration", $"the lost home of {Node} is prepared from configuration backup {configuration.Backup.Id}, taken {configuration.Backup.TakenAt.ToString("u", CultureInfo.InvariantCulture)}"),
        .. !Chain ? [] : new[] { Bound.Exactly("identity", $"{Node} gets a new p2p id; no consensus key is made or restored") },
    ];

    /// <summary>What people should know besides.</summary>
    public IReadOnlyList<string> Risks(NodeObservation node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var risks = new List<string>
        {
            FormattableString.Invariant($"the home {Home} is missing or empty: check that its disk is mounted there ({node.FreeBytes} bytes are free)"),
        };
        if (slice.Target.Node.Kind == NodeKind.Validator)
        {
            risks.Add($"{Node} is a validator and its signing state is lost with its home: it stays without a key and stopped, whatever the backup holds");
        }

        if (configuration.ProvenRung < 2)
        {
            risks.Add(FormattableString.Invariant($"the configuration backup was not read since it was written (highest rung {configuration.ProvenRung}); every byte is verified before it is placed"));
        }

        risks.AddRange(configuration.Newer.Select(n => "a newer configuration backup is not used: " + n));
        risks.AddRange(configuration.Unreachable.Select(u => "a newer configuration backup may be where nobody answered: " + u));
        return risks;
    }

    /// <summary>What a person should do afterwards.</summary>
    public IReadOnlyList<string> LeftBehind()
    {
        var lines = new List<string>();
        if (calls.Last is { MadeNodeKey: true } made)
        {
            lines.Add($"{Node} has the new p2p id {made.NodeId}: change it where others name the old one (persistent_peers, private_peer_ids, seeds).");
        }

        if (slice.Target.Node.Kind == NodeKind.Validator)
        {
            lines.Add($"{Node} has no consensus key and no signing state. Before its key is put back: no other copy of it may run, and data/priv_validator_state.json must stand above the last height that the chain shows it signed.");
        }

        lines.AddRange(ConfigurationPlan.NotPlaced(Node, calls.Last));
        return lines;
    }

    private IEnumerable<StepDeclaration> Steps() => Chain ? Whole() : Whole().Where(step => step.Id != "node-key");

    private StepDeclaration[] Whole() =>
    [
        new()
        {
            Number = "3", Id = "prepare", Title = $"Prepare the home: {(Chain ? "genesis and " : "")}configuration from the configuration backup, never a key",
            Parameters = [$"backup={configuration.Backup.Id}", $"manifest={configuration.Backup.Digest}", $"missing={string.Join(',', missing)}"],
            Changes = $"files in {Home}; what is there is never overwritten",
            Undo = UndoKind.Restore,
            Describe = calls.PreparationAsync, After = "prepared", Partials = ["partial"],
            Act = async act => ConfigurationPlan.Describe(await calls.PrepareAsync(act.Key)),
            UndoAct = act => calls.UnprepareAsync(act.Key), UndoRisk = "leaves the home as empty as it was found",
        },
        new()
        {
            Number = "4", Id = "node-key", Title = "Make a new node key: a new p2p id",
            Changes = $"config/node_key.json of {Node}",
            Undo = UndoKind.Restore,
            Describe = calls.NodeKeyAsync, After = "there",
            Act = async act => $"node id {(await calls.MakeNodeKeyAsync(act.Key)).NodeId}",
            UndoAct = act => calls.RemoveNodeKeyAsync(act.Key),
        },
    ];
}
