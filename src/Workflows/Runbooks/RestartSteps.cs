using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
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
    private string? ended;
    private bool started;

    /// <summary>The node may sign: it is never started by these steps, nor by their undo.</summary>
    public bool Signs { get; set; }

    /// <summary>The node runs, and only what signs for it beside it is gone: the node is left alone, and hears it when it comes.</summary>
    public bool OnlySignerGone { get; set; }

    /// <summary>A signal had stopped it when it was found: nobody wants that back.</summary>
    public bool WasHung { get; set; }

    /// <summary>In order, numbered from the given number on.</summary>
    /// <param name="first">The number of the first step.</param>
    /// <param name="leftOut">Why all of them are left out; null when they are carried out.</param>
    /// <param name="noStart">Why the start is left out; null when it is carried out.</param>
    public IReadOnlyList<StepDeclaration> Declare(int first, string? leftOut, string? noStart) =>
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
        new()
        {
            Number = $"{first + 1}", Id = "restart-start", Title = $"Restart, second half: start {node.Name}{(HealthCalls.IsProbed(node.Kind) ? "" : "; it replays its own WAL")}", Changes = $"the process of {node.Name}",
            LeftOut = leftOut ?? noStart, LeftOutMatters = leftOut is null && noStart is not null, Undo = UndoKind.Restore,
            Describe = StartedAsync, After = "started",
            Act = StartAsync,
            UndoAct = async act =>
            {
                await calls.StopAsync(act.Key);
                started = false;
            },
        },
        new()
        {
            Number = $"{first + 2}", Id = "restart-helped", Title = "Did it help? Where it did not, the next cure's turn comes",
            LeftOut = leftOut ?? noStart ?? HealthCalls.WhyNotLook(node), Replans = true,
            Act = HelpedAsync,
        },
    ];

    /// <summary>Started stays started, also where the node ended again at once: what that means is the next step's to say.</summary>
    private async Task<Observed> StartedAsync()
    {
        if (OnlySignerGone)
        {
            var seen = await calls.ObserveAsync();
            return seen.Process == ProcessState.Running && seen.Symptoms.FirstOrDefault(symptom => symptom.Kind == Symptoms.SignerGone) is { } gone ? new("signer gone", gone.Line)
                : new(seen.Process == ProcessState.Running ? "started" : "stopped", $"{node.Name} is {seen.Process}");
        }

        var now = await calls.ProcessAsync();
        return now.Value == "running" ? now with { Value = "started" }
            : started && now.Blocked is null ? new("started", $"{node.Name} was started and ended again")
            : now;
    }

    private async Task<string?> StartAsync(StepAct act)
    {
        var key = ladder().Begin(act.Key);
        try
        {
            ended = null;
            var now = (await calls.StartAsync(key)).Process;
            started = true;
            return $"{now}";
        }
        catch (ActivityFailureException e) when (e.InnerException is ApplicationFailureException { ErrorType: ErrorTypes.Unavailable, NonRetryable: true } atOnce)
        {
            started = true;
            return ended = atOnce.Message;
        }
    }

    private async Task<string?> HelpedAsync(StepAct act)
    {
        ladder().Begin(act.Key);
        var (helped, text) = ended is null ? await looks.HelpedAsync() : (false, ended);
        ladder().Tell(Cures.Restart, helped);
        return (helped ? "it helped: " : "it did not help: ") + text;
    }
}
