using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Opens gates, waits at them, and applies their declared default. Nothing passes by a timeout.</summary>
public sealed class GateKeeper(RunBoard board, Pager pager)
{
    /// <summary>Makes the gates of a new plan; what was approved before is void.</summary>
    public void Rebuild(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        board.Gates.Clear();
        board.Gates.AddRange(plan.Draft.Gates.Select(g => Make(g.Name, g.Question, g.BeforeStep, plan.Digest, g.Required)));
    }

    /// <summary>The first gate that is not passed and stands before this step, or stood before an earlier one.</summary>
    public Gate? NextFor(StepDeclaration step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var index = board.Steps.IndexOf(step.Id);
        return board.Gates.Find(g => !g.Passed && g.BeforeStep.Length > 0 && board.Steps.IndexOf(g.BeforeStep) <= index);
    }

    /// <summary>A gate that is opened on the way, such as for leaving out an undo.</summary>
    public Gate Extra(string name, string question, string digest)
    {
        var gate = Make(name, question, "", digest, 1);
        board.Gates.RemoveAll(g => g.Name == name);
        board.Gates.Add(gate);
        return gate;
    }

    /// <summary>Opens the gate and waits.</summary>
    public async Task<GateEnd> PassAsync(Gate gate, Func<bool> interrupted)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var policy = board.Approvals;
        gate.Ask(RunBoard.Now + policy.Timeout);
        board.Note(
            Journal.Flow, "gate.opened",
            $"Gate {gate.Name} ({gate.Digest[..8]}): {gate.Question} Needs {gate.Required} approval(s){Who(policy)}.");
        pager.Page("warning", $"gate {gate.Name} waits for {gate.Required} approval(s) of {gate.Digest[..8]}: {gate.Question}");
        while (true)
        {
            var answered = await Durable.UntilAsync(
                () => !gate.Open || interrupted(), policy.Timeout, $"gate {gate.Name} times out");
            if (gate.Passed)
            {
                board.Note(Journal.Flow, "gate.passed", $"Gate {gate.Name} is passed: {string.Join(", ", gate.Approvals)}.");
                return GateEnd.Passed;
            }

            if (gate.DeniedBy is { } by)
            {
                board.Note(Journal.Flow, "gate.denied", $"Gate {gate.Name} was denied by {by}.");
                return GateEnd.Denied;
            }

            if (answered)
            {
                gate.Close();
                board.Note(Journal.Flow, "gate.closed", $"Gate {gate.Name} closes without an answer: something else comes first.");
                return GateEnd.Interrupted;
            }

            OnTimeout(gate, policy);
        }
    }

    private static string Who(ApprovalSpec policy) =>
        policy.Approvers.Count == 0 ? "" : " from " + string.Join(", ", policy.Approvers);

    private void OnTimeout(Gate gate, ApprovalSpec policy)
    {
        if (gate.OnTimeout == "deny")
        {
            gate.Deny("timeout");
            return;
        }

        gate.Deadline = RunBoard.Now + policy.Timeout;
        board.Note(Journal.Flow, "gate.timeout", $"Nobody answered gate {gate.Name} in time; it stays open ({gate.OnTimeout}).");
        pager.Page(gate.OnTimeout == "escalate" ? "critical" : "warning", $"gate {gate.Name} is still unanswered");
    }

    private Gate Make(string name, string question, string beforeStep, string digest, int atLeast)
    {
        var policy = board.Approvals;
        var unnamed = string.IsNullOrWhiteSpace(board.Header.Operator) && !policy.StarterMayApprove;
        return new(name, question, beforeStep, digest, Math.Max(atLeast, policy.Required) + (unnamed ? 1 : 0), policy.OnTimeout);
    }
}
