using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The first step of RB-DR-004: what is in doubt neither serves nor signs.</summary>
public static class ContainStep
{
    /// <summary>The step's id.</summary>
    public const string Id = "contain";

    /// <summary>The step.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="node">The node.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="signs">The node may sign: nothing here starts it again.</param>
    /// <param name="wasHung">A signal had stopped it when it was found: nobody wants that back.</param>
    /// <param name="begun">Hears that it is about to be stopped.</param>
    /// <param name="hasSource">Looks whether somebody healthy is left without it; null where that was not so to begin with, or is not asked.</param>
    public static StepDeclaration Declare(string number, NodeSpec node, RestoreCalls calls, bool signs, bool wasHung, Action begun, Func<Task<bool>>? hasSource)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(begun);
        return new()
        {
            Number = number,
            Id = Id,
            Contains = true,
            Title = $"Stop {node.Name} at once: what is in doubt neither serves nor signs",
            Changes = $"the process of {node.Name}",
            Undo = signs || wasHung ? UndoKind.Keep : UndoKind.Restore,
            KeptText = signs ? $"{node.Name} stays stopped: nothing here starts a signer." : wasHung ? $"{node.Name} stays stopped: it was hung." : "",
            Describe = () => calls.ProcessAsync(endsHung: true),
            After = "stopped",
            Act = async act =>
            {
                if (hasSource is not null && !await hasSource())
                {
                    throw new ApplicationFailureException($"no healthy node is left that {node.Name} could be compared with or catch up from; it was not stopped. Bring one back (virtengine-dr run RB-DR-001), then retry", ErrorTypes.Conflict, nonRetryable: true);
                }

                begun();
                return $"{(await calls.EndAsync(act.Key)).Process}";
            },
            UndoAct = act => calls.StartAsync(act.Key),
            UndoRisk = "starts the node on the data that is in doubt",
        };
    }
}
