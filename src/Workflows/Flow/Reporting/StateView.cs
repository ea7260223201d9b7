using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The board as people and programs see it.</summary>
public static class StateView
{
    /// <summary>As of now.</summary>
    public static RunState Of(RunBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        var header = board.Header;

        // A run that waits at a place that it came to before its reset has not noticed it, but whoever looks is told.
        var reset = !board.Closed && (board.Reset || RunBoard.FollowsAnother);
        return new()
        {
            Runbook = header.Runbook,
            Title = header.Title,
            WorkflowId = Workflow.Info.WorkflowId,
            Target = header.Target,
            Region = board.Scope?.Region,
            IncidentClass = header.IncidentClass,
            Mode = header.Mode,
            Phase = reset ? RunPhase.Parked : board.Phase,
            Outcome = board.Outcome,
            Headline = (header.Mode == RunMode.Practice ? "[practice] " : "") + Headline(board, reset),
            Operator = (header.Operator ?? "(unnamed)") + (board.HandedTo is { } to ? $" → {to}" : ""),
            Clock = board.Clock.ToState(RunBoard.Now),
            Plan = board.Plan?.ToState(),
            Gates = [.. board.Gates.Select(g => g.ToState())],
            Steps = [.. board.Steps.All],
            Facts = [.. board.Facts.All],
            Unwinding = board.Unwinding,
            Allowed = VerbTable.Allowed(VerbContext.Of(board) with { Reset = reset }),
            Missing = [.. board.Missing],
            Journal = board.Journal.Entries,
            Evidence = board.Evidence,
            Escalated = board.Escalation.Told,
            AcknowledgedBy = board.AcknowledgedBy,
            Aftermath = board.Aftermath,
        };
    }

    private static string Headline(RunBoard board, bool reset)
    {
        if (board.Closed || board.Outcome is not null)
        {
            return $"{board.Outcome}: {board.Ending}";
        }

        if (reset)
        {
            return "This run was reset: it may only be repaired. Nothing is done any more.";
        }

        if (board.OpenGate is { } gate)
        {
            return $"Gate {gate.Name} waits for {gate.Required - gate.Approvals.Count} more approval(s) of {gate.Digest[..8]}.";
        }

        if (board.Parks.Count > 0)
        {
            var first = board.Parks[0];
            return $"Parked at {first.Title}: {first.Error} {first.Advice}";
        }

        if (board.Paused)
        {
            return "Paused: nothing new starts until it is resumed.";
        }

        return board.Abort switch
        {
            AbortStage.Asked => "An abort was asked for; what is in flight ends first.",
            AbortStage.AwaitingConfirmation =>
                $"The unwinding awaits its confirmation: abort with digest {board.Unwinding?.Digest[..8]}, or resume to go on.",
            AbortStage.AtWork when board.Header.Takeover is { } repair => $"Repairs what {repair.Run.WorkflowId} left behind.",
            AbortStage.AtWork => "Unwinding, last step first.",
            _ when board.Watching => "Done and proven; watched for a relapse.",
            _ => board.Steps.All.FirstOrDefault(s => s.Status == StepStatus.Running) is { } step
                ? $"Step {step.Number}: {step.Title}"
                : "Gathering facts and planning.",
        };
    }
}
