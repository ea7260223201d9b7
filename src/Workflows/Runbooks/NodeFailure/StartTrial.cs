using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>A start that is a trial: that the node ended again, or did not become healthy, is an answer and no failure; the next cure's turn comes.</summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls.</param>
/// <param name="looks">The looks from outside.</param>
/// <param name="ladder">The run's cures.</param>
/// <param name="cure">The cure that is tried.</param>
public sealed class StartTrial(NodeSpec node, RestoreCalls calls, NodeFailureCalls looks, Func<CureLadder> ladder, string cure)
{
    private string? ended;
    private bool started;

    /// <summary>The node runs, and only what signs for it elsewhere on its host is gone: a start brings that back.</summary>
    public bool OnlySignerGone { get; set; }

    /// <summary>The start and the question whether it helped, without their numbers and titles.</summary>
    /// <param name="leftOut">Why both are left out; null when they are carried out.</param>
    /// <param name="noStart">Why the node is not started; null when it is.</param>
    public (StepDeclaration Start, StepDeclaration Helped) Declare(string? leftOut, string? noStart) =>
    (
        new()
        {
            Number = "",
            Id = $"{cure}-start",
            Title = "",
            Changes = $"the process of {node.Name}",
            LeftOut = leftOut ?? noStart,
            LeftOutMatters = leftOut is null && noStart is not null,
            Undo = UndoKind.Restore,
            Describe = StartedAsync,
            After = "started",
            Act = StartAsync,
            UndoAct = async act =>
            {
                await calls.StopAsync(act.Key);
                started = false;
            },
        },
        new()
        {
            Number = "",
            Id = $"{cure}-helped",
            Title = "",
            LeftOut = leftOut ?? noStart ?? HealthCalls.WhyNotLook(node),
            Replans = true,
            Act = HelpedAsync,
        });

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
        ladder().Tell(cure, helped);
        return (helped ? "it helped: " : "it did not help: ") + text;
    }
}
