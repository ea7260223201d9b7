using System.Globalization;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>
/// RB-DR-006 for configuration: the verified files are laid out on the host, what the home lacks is put in place, and everything else is named for a
/// person to copy. Nothing that is there is overwritten, nothing outside the home is written, and the node is neither stopped nor started.
/// </summary>
public sealed class ConfigurationPlan(NodeSlice slice, StepKeys keys, RestoreCalls restore)
{
    private HomeCalls? home;

    private string Node => slice.Target.Node.Name;

    /// <summary>The plan.</summary>
    public PlanDraft Draft(BackupChoice choice, NodeObservation node, bool older)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(node);
        var backup = choice.Backup;
        var calls = home ??= new HomeCalls(slice, keys, choice);
        return new()
        {
            Bounds =
            [
                Bound.Exactly("backup", $"this backup: {backup.Id}, taken {backup.TakenAt.ToString("u", CultureInfo.InvariantCulture)}"),
                Bound.Exactly("home", $"only files that {slice.Target.Node.Home} lacks are written; nothing is overwritten, nothing outside it is touched"),
            ],
            Risks =
            [
                .. older ? choice.Newer.Select(n => "a newer backup is not used: " + n) : [],
                .. choice.Unreachable.Select(u => "a newer backup may be where nobody answered: " + u),
                .. node.Process == ProcessState.Running ? ["the node runs on; it reads its configuration only when it starts"] : Array.Empty<string>(),
                .. node.Unknowns.Select(u => "unknown: " + u),
            ],
            Gates = older || !slice.Approvals.NotNeededFor.Contains(slice.Target.Node.Kind)
                ? [new("restore", $"Put what the home of {Node} lacks in place from configuration backup {backup.Id}?", "download")]
                : [],
            Steps =
            [
                new()
                {
                    Number = "1", Id = "choose", Title = "Choose the backup", Parameters = [$"backup={backup.Id}", $"manifest={backup.Digest}"],
                    Act = _ => Task.FromResult<string?>(RestoreFacts.Describe(choice)),
                },
                new()
                {
                    Number = "2", Id = "download", Title = "Download it into a folder of our own", Parameters = [$"node={Node}"],
                    Changes = "disk space on the node's host",
                    Undo = UndoKind.Keep,
                    KeptText = $"What is staged of backup {backup.Id} stays on {Node}.",
                    Describe = () => restore.StagingAsync(choice), After = "complete", Partials = ["partial"],
                    Act = async act => RestoreFacts.Describe(await restore.StageAsync(act.Key, choice)),
                },
                new()
                {
                    Number = "3", Id = "verify", Title = "Verify the signed manifest and every staged byte",
                    Act = async act => RestoreFacts.Describe(await restore.VerifyStagedAsync(act.Key, choice)),
                },
                new()
                {
                    Number = "4", Id = "place", Title = "Put what the home lacks in place; name what differs and what lies outside it",
                    Changes = $"missing files in {slice.Target.Node.Home}",
                    Undo = UndoKind.Restore,
                    Describe = calls.PreparationAsync, After = "prepared", Partials = ["partial"],
                    Act = async act => Describe(await calls.PrepareAsync(act.Key)),
                    UndoAct = act => calls.UnprepareAsync(act.Key),
                },
            ],
        };
    }

    /// <summary>What a person should do afterwards.</summary>
    public IReadOnlyList<string> LeftBehind() => NotPlaced(Node, home?.Last);

    /// <summary>A prepared home.</summary>
    public static string Describe(HomeObservation home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return FormattableString.Invariant($"{home.Placed} files put in place, {home.NotPlaced.Count} not; all of the backup is in {home.Staging}");
    }

    /// <summary>Where what was not placed lies, and what it is.</summary>
    public static IReadOnlyList<string> NotPlaced(string node, HomeObservation? home) => home is null || home.NotPlaced.Count == 0
        ? []
        :
        [
            $"Configuration that was not put in place lies in {home.Staging} on the host of {node} (root/… is what lies outside the home): compare it with diff -r, and copy what is needed.",
            .. home.NotPlaced,
        ];
}
