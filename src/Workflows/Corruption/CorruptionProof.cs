using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The plan's last check: all nodes have the same app hash at equal heights, and the error does not come back.</summary>
/// <param name="node">The node.</param>
/// <param name="calls">The calls.</param>
/// <param name="host">The calls to the node's host.</param>
/// <param name="doubted">Other nodes that this run has not cured yet.</param>
/// <param name="version">The version that it must run; null: any.</param>
public sealed class CorruptionProof(NodeSpec node, CorruptionCalls calls, RestoreCalls host, Func<IReadOnlyCollection<string>> doubted, string? version)
{
    /// <summary>Sixty looks, five seconds apart at most: as long as the plan gives it.</summary>
    private const int Looks = 60;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly string[] Errors = [Symptoms.AppHash, Symptoms.CorruptStore, Symptoms.CorruptWal, Symptoms.ConflictingVote];

    /// <summary>The step.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="leftOut">Why it is left out; null when it is carried out.</param>
    public StepDeclaration Declare(string number, string? leftOut) => new()
    {
        Number = number,
        Id = "agree",
        Title = "Prove that all nodes have the same app hash at equal heights, and that the error does not come back",
        LeftOut = leftOut,
        LeftOutMatters = true,
        Skippable = true,
        Unproven = "the nodes do not all have the same state",
        Act = async _ => await AgreeAsync(),
    };

    private async Task<string> AgreeAsync()
    {
        for (var look = 1; ; look++)
        {
            var seen = await calls.CompareAsync(null);
            var sight = seen.Nodes.FirstOrDefault(one => one.Node == node.Name && one.Problem is null);
            var state = StateAgreement.Of(seen, node.Name, sight is null ? null : new(sight.AppHeight, sight.AppHash), doubted());
            if (version is not null && sight is not null && sight.Version != version)
            {
                throw Wrong($"{node.Name} runs version {sight.Version}, and the plan says {version}");
            }

            if (state.Verdict == Agreement.Agrees)
            {
                return await ErrorsAsync(state, new(seen, node.Name, doubted()));
            }

            // Two nodes a block apart cannot be compared: the next look may catch them at one height.
            if (state.Verdict != Agreement.Unknown || look == Looks)
            {
                throw Wrong($"{node.Name}: {state.Text}");
            }

            await Workflow.DelayAsync(Between);
        }
    }

    private async Task<string> ErrorsAsync(StateAgreement state, ChainView others)
    {
        var again = (await host.ObserveAsync()).Symptoms.Where(symptom => Errors.Contains(symptom.Kind)).ToArray();
        if (again.Length > 0)
        {
            throw Wrong($"the error came back: {string.Join("; ", again.Select(symptom => symptom.Line))}");
        }

        return others.Deviants() is { Count: > 0 } deviants
            ? throw Wrong($"{state.Text}, but others are wrong: {string.Join("; ", deviants)}. Start RB-DR-004 for each of them, then retry")
            : $"{state.Text}; {others.Others.Count} others agree, and the error did not come back";
    }

    private static ApplicationFailureException Wrong(string message) => new(message, ErrorTypes.Conflict, nonRetryable: true);
}
