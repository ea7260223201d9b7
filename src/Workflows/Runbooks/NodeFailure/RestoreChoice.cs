using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What the cure "restore" brings back, chosen once a run: the backup of the node's state and, where its whole home is gone, the configuration.</summary>
/// <param name="input">What was asked for.</param>
/// <param name="slice">The node.</param>
/// <param name="keys">The run's keys.</param>
/// <param name="calls">The calls of a restore.</param>
public sealed class RestoreChoice(NodeFailureInput input, NodeSlice slice, StepKeys keys, RestoreCalls calls)
{
    /// <summary>The kind of backup that this node's state is in.</summary>
    public string Kind { get; } = NodeFailureRules.BackupKind(slice.Target.Node.Kind);

    /// <summary>The backup; null before it is chosen, and where only configuration comes back.</summary>
    public BackupChoice? Backup { get; private set; }

    /// <summary>What is done besides because the home is lost; null where it is not.</summary>
    public LostHome? Lost { get; private set; }

    private string Node => slice.Target.Node.Name;

    /// <summary>Chooses by what the host shows; another backup would be another plan.</summary>
    /// <param name="facts">The run's facts.</param>
    /// <param name="seen">The node as its host shows it.</param>
    public async Task ChooseAsync(FactBook facts, NodeObservation seen)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(seen);
        if (Kind != BackupKinds.Configuration)
        {
            Backup = await calls.ChooseAsync(Kind, Backup?.Backup.Id ?? (Kind == BackupKinds.ChainState || input.Backup != "newest-proven" ? input.Backup : "newest"), null);
            facts.Record("backup", RestoreFacts.Describe(Backup));
        }

        var settles = input.Takeover is not null;
        Lost ??= await LostHome.IfLostAsync(slice, keys, input.HomeMissing ?? (settles ? [] : seen.MissingFromHome), !settles && seen.HomeEmpty, input.Configuration);
        if (Kind == BackupKinds.Configuration && Lost is null && !settles)
        {
            throw NodeFailureRules.NothingToRestore(Node);
        }

        Lost?.Record(facts, seen);
    }

    /// <summary>What an approval of the restore accepts.</summary>
    public IEnumerable<Bound> Bounds() =>
    [
        .. Backup is null ? Array.Empty<Bound>() : [Bound.Exactly("backup", $"its data is replaced by backup {Backup.Backup.Id} (the former data is kept)")],
        .. Lost?.Bounds() ?? [],
    ];

    /// <summary>Where people decide: before a signer's data is replaced, and before a backup that is not the newest is taken.</summary>
    /// <param name="signs">The node may sign.</param>
    public IEnumerable<GateDeclaration> Gates(bool signs) => Backup is null || (!signs && Backup.Newer.Count == 0) ? []
        : [new("restore", $"Replace the data of {Node} by backup {Backup.Backup.Id}{Lost?.Question}?", Lost is null ? "download" : "stop")];
}
