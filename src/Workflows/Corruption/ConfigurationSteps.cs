using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>A damaged configuration: compared file by file with a backup's, replaced where people approve it, the former files kept, and the node started to see whether that helped.</summary>
/// <param name="slice">The node.</param>
/// <param name="keys">The run's keys.</param>
/// <param name="looks">The looks from outside.</param>
/// <param name="host">The calls to the node's host.</param>
/// <param name="ladder">The run's recoveries.</param>
/// <param name="selector">Which backup: <c>newest</c>, or its id.</param>
public sealed class ConfigurationSteps(NodeSlice slice, StepKeys keys, NodeFailureCalls looks, RestoreCalls host, Func<CureLadder> ladder, string selector)
{
    private readonly StartTrial trial = new(slice.Target.Node, host, looks, ladder, Recoveries.Configuration);
    private BackupChoice? choice;
    private HomeCalls? home;

    /// <summary>How the home's files stand to the backup's; null before they were compared.</summary>
    public ConfigurationComparison? Compared { get; private set; }

    /// <summary>The backup that was chosen; null before.</summary>
    public string? BackupId => choice?.Backup.Id;

    /// <summary>Where people decide.</summary>
    public GateDeclaration Gate => new("configuration", $"Replace {string.Join(", ", Files)} of {Node} by configuration backup {BackupId}?", "configuration");

    /// <summary>What is left for people.</summary>
    public IEnumerable<string> LeftBehind => home?.Last?.Former is { } former ? [$"The former configuration of {Node} is kept in {former} on its host; remove that folder when it is not needed any more."] : [];

    private string Node => slice.Target.Node.Name;

    private string[] Files => Compared is null ? [] : [.. Compared.Differences.Select(one => one.Path)];

    /// <summary>Chooses the backup, once.</summary>
    public async Task GatherAsync(FactBook facts, bool due)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (due)
        {
            choice ??= await BackupCalls.ChooseAsync(new(slice, BackupKinds.Configuration, selector, null));
            home ??= new(slice, keys, choice);
            facts.Record("backup", RestoreFacts.Describe(choice));
        }
    }

    /// <summary>Compares, once the node is stopped.</summary>
    public async Task<string> CompareAsync(StepAct act)
    {
        Compared = await home!.CompareAsync(act.Key);
        return FormattableString.Invariant($"{Compared.Differences.Count} files are not those of backup {BackupId}, {Compared.Differences.Count(one => one.Damage is not null)} of them cannot be right; {Compared.Refusals.Count} are not taken from it");
    }

    /// <summary>What an approval accepts.</summary>
    public IEnumerable<Bound> Bounds(bool due) => due && Compared is not null
        ? [Bound.Exactly("configuration", $"these files are replaced by those of backup {BackupId}, and no others: {string.Join(", ", Files)}")]
        : [];

    /// <summary>In order, numbered from the given number on.</summary>
    /// <param name="first">The number of the first step.</param>
    /// <param name="leftOut">Why all of them are left out; null when they are carried out.</param>
    /// <param name="noStart">Why the start is left out; null when it is carried out.</param>
    public IReadOnlyList<StepDeclaration> Declare(int first, string? leftOut, string? noStart)
    {
        var (start, helped) = trial.Declare(leftOut, noStart);
        return
        [
            new()
            {
                Number = Text($"{first}"), Id = "configuration", Title = "Replace the configuration files that differ; the former ones are kept",
                Parameters = [.. Files.Select(file => "file=" + file)],
                Changes = $"configuration files of {Node}", LeftOut = leftOut ?? (Compared is null ? "nothing was compared yet" : null),
                Undo = UndoKind.Restore, UndoRisk = "leads back to the configuration that was to be replaced",
                Describe = home is null ? () => Task.FromResult(new Observed("former", "no backup is chosen")) : home.ReplacementAsync, After = "replaced", Partials = ["partial"],
                Act = async act =>
                {
                    var now = await home!.ReplaceAsync(ladder().Begin(act.Key), Files);
                    return $"{Files.Length} files replaced; the former ones are in {now.Former ?? "nowhere: there were none"}";
                },
                UndoAct = act => home!.PutBackAsync(act.Key),
            },
            start with { Number = Text($"{first + 1}"), Title = $"Start {Node} on it" },
            helped with { Number = Text($"{first + 2}"), Title = "Did it help?" },
        ];
    }

    /// <summary>A relapse: it is compared anew.</summary>
    public void Relapsed() => Compared = null;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
