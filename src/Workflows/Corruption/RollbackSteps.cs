using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>
/// A rollback as a cure: the node's own command undoes the bad heights, each once, and the node executes them again. That the error comes back is an answer: the next
/// recovery's turn comes.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls of RB-DR-004.</param>
/// <param name="host">The calls to the node's host.</param>
/// <param name="looks">The looks from outside.</param>
/// <param name="ladder">The run's recoveries.</param>
public sealed class RollbackSteps(NodeSpec node, CorruptionCalls calls, RestoreCalls host, NodeFailureCalls looks, Func<CureLadder> ladder)
{
    private readonly StartTrial trial = new(node, host, looks, ladder, Recoveries.Rollback);

    /// <summary>The ids of these steps.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["rollback", "rollback-start", "rollback-helped"];

    /// <summary>The height that the state goes back to; null where nothing is rolled back.</summary>
    public long? To { get; set; }

    /// <summary>The blocks go too.</summary>
    public bool Hard { get; set; }

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
                Number = Text($"{first}"), Id = "rollback",
                Title = To is null ? "Roll the state back" : Text($"Roll the state back to height {To}{(Hard ? ", with the blocks above it" : "; the last block stays and is executed again")}"),
                Parameters = To is null ? [] : [Text($"to={To}"), $"hard={(Hard ? "yes" : "no")}"],
                Changes = $"the databases of {node.Name}", LeftOut = leftOut,
                Undo = UndoKind.Keep,
                KeptText = Text($"The state of {node.Name} stays rolled back to height {To}: when it starts it executes the blocks above again by itself."),
                Describe = WorldAsync, After = "rolled back",
                Act = RollBackAsync,
            },
            start with { Number = Text($"{first + 1}"), Title = $"Start {node.Name}: it executes the undone heights again" },
            helped with { Number = Text($"{first + 2}"), Title = "Did it help? With the same fault in it the node comes to the same wrong state again, and the restore's turn comes" },
        ];
    }

    private async Task<Observed> WorldAsync()
    {
        var now = await calls.RollbacksAsync(Hard);
        var at = now.Stores.State.Height;

        // What this run undid stays undone, also when the node has run on since.
        var done = at == To || now.Done.Any(one => one.DoneAt is not null && one.FromHeight - 1 == To);
        return done ? new("rolled back", Text($"its state was rolled back to height {To}, and stands at {at}"))
            : new("above", Text($"its state stands at height {at?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"unknown ({now.Stores.State.Unknown})"}"), now.Refusal);
    }

    private async Task<string?> RollBackAsync(StepAct act)
    {
        var key = ladder().Begin(act.Key);
        var undone = 0;
        for (var now = await calls.RollbacksAsync(Hard); ; undone++)
        {
            if (now.Stores is not { State.Height: { } state, Blocks.Height: { } blocks })
            {
                throw Conflict($"the heights in the stores cannot be read any more: {now.Stores.State.Unknown ?? now.Stores.Blocks.Unknown}");
            }

            if (state <= To)
            {
                return Text($"{undone} heights undone: its state stands at height {state}, its blocks at {blocks}");
            }

            now = undone > VerdictTable.MostRollbacks ? throw Conflict(Text($"its state still stands at height {state} after {undone} rollbacks")) : await calls.UndoHeightAsync(key, blocks, Hard);
        }
    }

    private static ApplicationFailureException Conflict(string message) => new(message, ErrorTypes.Conflict, nonRetryable: true);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
