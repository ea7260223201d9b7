using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Evidence;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Incidents;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Ends a run: outcome, locks, the last page, evidence, handlers.</summary>
public sealed class RunCloser(RunBoard board, IPlaybook playbook, Succession succession, Pager pager, ResetWatch resets)
{
    private readonly AftermathDesk aftermath = new(board);

    /// <summary>Closes the run. Nothing is in flight, and every undo is settled or not needed.</summary>
    public async Task CloseAsync(RunEnd end)
    {
        await resets.HoldEndAsync();
        board.Closed = true;
        board.Escalation.Closing();
        board.Parks.Clear();
        foreach (var gate in board.Gates)
        {
            gate.Close();
        }

        if (end != RunEnd.HandedOver)
        {
            await succession.ClaimAsync();
        }

        if (end is RunEnd.Done or RunEnd.YieldedWatching)
        {
            board.Missing.AddRange(board.Steps.Declared
                .Where(s => s.LeftOut is not null && board.Steps.Of(s.Id).Status == StepStatus.LeftOut)
                .Select(s => $"{s.Number} {s.Id} was left out: {s.LeftOut}."));
            board.Missing.AddRange(playbook.LeftBehind());
            foreach (var run in board.Inherited)
            {
                board.Unproven = true;
                board.Missing.AddRange(UndoLines.Repair(run with { Inherited = [] }, adopt: true).Select(line => $"Of {run.WorkflowId}: {line}"));
            }

            board.Inherited.Clear();
        }
        else if (end != RunEnd.HandedOver)
        {
            await succession.PassOnAsync();
        }

        if (LeavesFormerRounds(end))
        {
            board.Missing.Add(FormattableString.Invariant($"It relapsed, and plan {board.Plan?.Number} was not carried out: what this run did before it stays as it is."));
            board.Missing.AddRange(playbook.LeftBehind());
        }

        board.Outcome = Outcome(end);
        board.Ending = Ending(end);
        board.Note(Journal.Flow, "run.ending", $"{board.Outcome}: {board.Ending}");
        if (board.Locks is { Any: true } locks)
        {
            await locks.ReleaseAsync();
            board.Note(Journal.Flow, "lock.released", "All locks are free.");
        }

        if (end != RunEnd.Planned)
        {
            pager.Page(board.Outcome is RunOutcome.Succeeded or RunOutcome.RolledBack ? "info" : "warning", $"{board.Outcome}: {board.Ending}", resolves: board.Outcome is RunOutcome.Succeeded);
        }

        await pager.DrainAsync();
        await board.Escalation.CloseAsync();
        if (board.Header.Mode != RunMode.DryRun)
        {
            aftermath.Owe(end, LeavesFormerRounds(end));
            await WriteEvidenceAsync();
            await aftermath.HandOverAsync();
        }

        board.Note(Journal.Flow, "run.closed", $"{board.Outcome}: {board.Ending}");
        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
    }

    private async Task WriteEvidenceAsync()
    {
        try
        {
            var state = StateView.Of(board);
            var receipt = await Workflow.ExecuteActivityAsync(
                (IEvidenceActivities a) => a.WriteAsync(state), Policies.Evidence("writes the evidence bundle"));
            board.Evidence = receipt.Key;
            board.Note(Journal.Flow, "evidence.written", $"{receipt.Key} ({receipt.Digest})");
            if (receipt.Document is { } document)
            {
                board.Note(Journal.Flow, "document.written", $"{document} ({receipt.DocumentDigest})");
            }
        }
        catch (FailureException e)
        {
            var text = $"The evidence bundle was not written: {Failure.From(e).Message}";
            board.Missing.Add(text);
            board.Outcome = board.Outcome == RunOutcome.Succeeded ? RunOutcome.Partial : board.Outcome;
            board.Note(Journal.Flow, "evidence.failed", text);
        }
    }

    /// <summary>After a relapse an end that leads back leads back to what the round before left, not to the world before the run.</summary>
    private bool LeavesFormerRounds(RunEnd end) =>
        board.Round > 1 && end is (RunEnd.Denied or RunEnd.Superseded or RunEnd.Aborted or RunEnd.RolledBack);

    private RunOutcome Outcome(RunEnd end) => end switch
    {
        RunEnd.Denied or RunEnd.Aborted or RunEnd.RolledBack when LeavesFormerRounds(end) => RunOutcome.Partial,
        RunEnd.Done => board.Unproven || board.Steps.Declared.Any(Incomplete) ? RunOutcome.Partial : RunOutcome.Succeeded,
        RunEnd.Planned => RunOutcome.Planned,
        RunEnd.PlanFailed or RunEnd.UndoUnproven => RunOutcome.Failed,
        RunEnd.Denied => RunOutcome.Denied,
        RunEnd.Superseded or RunEnd.HandedOver or RunEnd.YieldedWatching => RunOutcome.Superseded,
        RunEnd.Adopted => RunOutcome.Partial,
        RunEnd.Aborted => RunOutcome.Aborted,
        RunEnd.RolledBack => RunOutcome.RolledBack,
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    private bool Incomplete(StepDeclaration step) =>
        board.Steps.Of(step.Id).Status == StepStatus.Skipped || (step.LeftOut is not null && step.LeftOutMatters);

    private string Ending(RunEnd end) => end switch
    {
        RunEnd.Denied when LeavesFormerRounds(end) => "it relapsed, and the next plan was denied; what was done before it stays.",
        RunEnd.Superseded when LeavesFormerRounds(end) => $"it relapsed, and yielded to {board.YieldTo?.WorkflowId} before the next plan's first act; what was done before it stays.",
        RunEnd.Aborted when LeavesFormerRounds(end) => "it relapsed, and was aborted before the next plan's first act; what was done before it stays.",
        RunEnd.RolledBack when LeavesFormerRounds(end) => "it relapsed, and the next plan was unwound; what was done before it stays.",
        RunEnd.Done => board.Steps.Declared.Any(Incomplete) ? "done, but not all of it is proven." : "done and proven.",
        RunEnd.Planned => "the plan was shown, nothing was touched.",
        RunEnd.PlanFailed => board.Ending ?? "the plan could not be made.",
        RunEnd.Denied => "denied before the first act; nothing was changed.",
        RunEnd.Superseded => $"yielded to {board.YieldTo?.WorkflowId} before the first act; nothing was changed.",
        RunEnd.HandedOver => $"handed over to {board.YieldTo?.WorkflowId}, which answers for what was done.",
        RunEnd.YieldedWatching => "done; while it was watched, the lock went to a run of a higher rank.",
        RunEnd.Adopted => "what the former run did stays as it is; nobody has proven the state.",
        RunEnd.Aborted => "aborted before the first act; nothing was changed.",
        RunEnd.RolledBack => "unwound; the former state is proven.",
        _ => "unwound, but an undo was left out: the former state is not proven.",
    };
}
