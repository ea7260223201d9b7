using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The cheapest cure: end what is left of a node, start it, and see whether that helped. That it did not is an answer and no failure: the next cure's turn comes.</summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls.</param>
/// <param name="looks">The looks from outside.</param>
/// <param name="ladder">The run's cures.</param>
public sealed class RestartSteps(NodeSpec node, RestoreCalls calls, NodeFailureCalls looks, Func<CureLadder> ladder)
{
    private readonly StartTrial trial = new(node, calls, looks, ladder, Cures.Restart);

    /// <summary>The node may sign: it is never started by these steps, nor by their undo.</summary>
    public bool Signs { get; set; }

    /// <summary>The node runs, and only what signs for it beside it is gone: the node is left alone, and hears it when it comes.</summary>
    public bool OnlySignerGone
    {
        get => trial.OnlySignerGone;
        set => trial.OnlySignerGone = value;
    }

    /// <summary>A signal had stopped it when it was found: nobody wants that back.</summary>
    public bool WasHung { get; set; }

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
                Number = $"{first}", Id = "restart-stop", Contains = true, Title = $"Restart, first half: end what is left of {node.Name}", Changes = $"the process of {node.Name}",
                LeftOut = leftOut ?? (OnlySignerGone ? $"not needed: {node.Name} runs, and what signs for it is what is gone" : null),
                Undo = Signs || WasHung ? UndoKind.Keep : UndoKind.Restore,
                KeptText = Signs ? $"{node.Name} stays stopped: nothing here starts a signer." : WasHung ? $"{node.Name} stays stopped: it was hung." : "",
                Describe = () => calls.ProcessAsync(endsHung: true), After = "stopped",
                Act = async act => $"{(await calls.EndAsync(ladder().Begin(act.Key))).Process}",
                UndoAct = act => calls.StartAsync(act.Key), UndoRisk = "starts the node as it was found",
            },
            start with { Number = $"{first + 1}", Title = $"Restart, second half: start {node.Name}{(HealthCalls.IsProbed(node.Kind) ? "" : "; it replays its own WAL")}" },
            helped with { Number = $"{first + 2}", Title = "Did it help? Where it did not, the next cure's turn comes" },
        ];
    }
}
