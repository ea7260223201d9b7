using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The steps that replace a node's data by a backup's; RB-DR-006 is made of them, RB-DR-001 takes them as a cure.</summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls.</param>
public sealed class RestoreSteps(NodeSpec node, RestoreCalls calls)
{
    /// <summary>The ids of these steps.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["choose", "download", "verify", "stop", "swap", "start"];

    /// <summary>The backup; chosen before any step is declared.</summary>
    public BackupChoice? Choice { get; set; }

    /// <summary>The node may sign: it is never started by these steps, nor by their undo.</summary>
    public bool Signs { get; set; }

    /// <summary>The node's whole home is lost: there is nothing to start again on.</summary>
    public bool HomeIsLost { get; set; }

    /// <summary>A process that a signal stopped is ended too: the runbook is there to cure that.</summary>
    public bool EndsHung { get; init; }

    /// <summary>A signal had stopped it when it was found: nobody wants that back.</summary>
    public bool WasHung { get; set; }

    /// <summary>False where there is no data to replace: the node is only stopped and started around what is done to its home.</summary>
    public bool DataToo { get; set; } = true;

    /// <summary>Before each id; another node's steps in the same plan need ids of their own.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Where the former data lies after the swap; null before it.</summary>
    public string? Former { get; private set; }

    /// <summary>What is left beside the data for a person to remove.</summary>
    public IEnumerable<string> LeftBehind => Former is null || Former.StartsWith("gone", StringComparison.Ordinal)
        ? []
        : [$"The former data of {node.Name} is kept in {Former} on its host; remove that folder when it is not needed any more."];

    private BackupChoice Chosen => Choice ?? throw new InvalidOperationException("no backup is chosen");

    private string Backup => Choice?.Backup.Id ?? "";

    /// <summary>In order, numbered from the given number on.</summary>
    /// <param name="first">The number of the first step.</param>
    /// <param name="leftOut">Why all of them are left out; null when they are carried out.</param>
    /// <param name="noStart">Why the start is left out; null when it is carried out.</param>
    public IReadOnlyList<StepDeclaration> Declare(int first, string? leftOut, string? noStart) =>
    [
        .. (DataToo ? [Choose(), Download(), Verify(), Stop(), Swap(), Start(noStart)] : new[] { Stop(), Start(noStart) })
            .Select((step, i) => step with { Id = Prefix + step.Id, Number = FormattableString.Invariant($"{first + i}"), LeftOut = leftOut ?? step.LeftOut, LeftOutMatters = leftOut is null && step.LeftOutMatters }),
    ];

    private StepDeclaration Choose() => new()
    {
        Number = "",
        Id = "choose",
        Title = "Choose the backup",
        Parameters = Choice is null ? [] : [$"backup={Backup}", $"manifest={Choice.Backup.Digest}"],
        Act = _ => Task.FromResult<string?>(RestoreFacts.Describe(Chosen)),
    };

    private StepDeclaration Download() => new()
    {
        Number = "",
        Id = "download",
        Title = "Download it into a staging folder beside the data",
        Parameters = [$"node={node.Name}"],
        Changes = "disk space on the node's host",
        Undo = UndoKind.Keep,
        KeptText = $"What is staged of backup {Backup} stays on {node.Name}: virtengine-dr run RB-DR-006 --node {node.Name} --backup {Backup} goes on with it.",
        Describe = () => calls.StagingAsync(Chosen),
        After = "complete",
        Partials = ["partial"],
        Act = async act => RestoreFacts.Describe(await calls.StageAsync(act.Key, Chosen)),
    };

    private StepDeclaration Verify() => new()
    {
        Number = "",
        Id = "verify",
        Title = "Verify the signed manifest and every staged byte",
        Act = async act => RestoreFacts.Describe(await calls.VerifyStagedAsync(act.Key, Chosen)),
    };

    private StepDeclaration Stop() => new()
    {
        Number = "",
        Id = "stop",
        Contains = true,
        Title = $"Stop {node.Name}",
        Changes = $"the process of {node.Name}",
        Undo = Signs || HomeIsLost || WasHung ? UndoKind.Keep : UndoKind.Restore,
        KeptText = Signs ? $"{node.Name} stays stopped: nothing here starts a signer." : HomeIsLost ? $"{node.Name} stays stopped: its home is lost." : WasHung ? $"{node.Name} stays stopped: it was hung." : "",
        Describe = () => calls.ProcessAsync(EndsHung),
        After = "stopped",
        Act = async act => $"{(await (EndsHung ? calls.EndAsync(act.Key) : calls.StopAsync(act.Key))).Process}",
        UndoAct = act => calls.StartAsync(act.Key),
        UndoRisk = "starts the node on its former data",
    };

    private StepDeclaration Swap() => new()
    {
        Number = "",
        Id = "swap",
        Title = "Swap the staged data in; the former data stays beside it",
        Changes = $"the data of {node.Name}",
        Undo = UndoKind.Restore,
        Describe = () => calls.SwapWorldAsync(Chosen),
        After = "swapped",
        Act = async act => $"the former data is {Former = (await calls.SwapAsync(act.Key, Chosen)).Kept ?? "gone (there was none)"}",
        UndoAct = act => calls.SwapBackAsync(act.Key, Chosen),
        UndoRisk = "leads back to the data that was to be replaced",
    };

    private StepDeclaration Start(string? noStart) => new()
    {
        Number = "",
        Id = "start",
        Title = $"Start {node.Name}{(HealthCalls.IsProbed(node.Kind) ? "" : ": it replays its own WAL and syncs blocks")}",
        Changes = $"the process of {node.Name}",
        Undo = UndoKind.Restore,
        LeftOut = noStart,
        LeftOutMatters = noStart is not null,
        Describe = calls.ProcessAsync,
        After = "running",
        Act = async act => $"{(await calls.StartAsync(act.Key)).Process}",
        UndoAct = act => calls.StopAsync(act.Key),
    };
}
