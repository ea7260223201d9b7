using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>One attempt at one step: describe, already so?, register the undo, act, prove by observing again.</summary>
public sealed class StepRunner(RunBoard board)
{
    /// <summary>Tries the step once; null when it is done and proven.</summary>
    public async Task<Failure?> AttemptAsync(StepDeclaration step)
    {
        ArgumentNullException.ThrowIfNull(step);
        board.Steps.Set(step.Id, s => s with { Status = StepStatus.Running, Error = null, StartedAt = s.StartedAt ?? RunBoard.Now, EndedAt = null });
        board.Note(Journal.Flow, "step.begun", $"{step.Number} {step.Id}: {step.Title}");
        Failure? failure;
        try
        {
            failure = step.Describe is null ? await ReadAsync(step) : await ChangeAsync(step, step.Describe);
        }
        catch (FailureException e)
        {
            failure = Failure.From(e);
        }

        if (failure is not null)
        {
            board.Steps.Set(step.Id, s => s with { Status = StepStatus.Failed, Error = failure.Message, EndedAt = RunBoard.Now });
            board.Note(Journal.Flow, "step.failed", $"{step.Number} {step.Id}: {failure.Type}: {failure.Message}");
        }

        return failure;
    }

    private async Task<Failure?> ReadAsync(StepDeclaration step)
    {
        // A step without a world to compare may still write (verifying staged files repairs them): its key rises like every act's.
        var detail = await step.Act(new(board.Keys.Next(step.Id, StepKeys.Do), null));
        Done(step, StepStatus.Done, detail);
        return null;
    }

    private async Task<Failure?> ChangeAsync(StepDeclaration step, Func<Task<Observed>> describe)
    {
        var now = await describe();
        if (now.Blocked is { } blocked)
        {
            return new(ErrorTypes.Conflict, blocked, "Put that right, then retry.", false);
        }

        if (now.Value == step.After)
        {
            // What an attempt of ours brought about without an answer is done; what was so before us is not ours to undo.
            var ours = board.Undo.Of(step.Id);
            Done(step, ours is null ? StepStatus.AlreadySo : StepStatus.Done, now.Text);
            return null;
        }

        UndoEntry? entry = null;
        if (step.Undo != UndoKind.None)
        {
            entry = board.Undo.Register(step, now);
            entry.Unknown = true;
            board.Note(Journal.Flow, "undo.registered", $"{step.Id}: {step.Undo}, before: {entry.Before.Value}, after: {step.After}");
        }

        var key = board.Keys.Next(step.Id, StepKeys.Do);
        var detail = await step.Act(new(key, entry?.Before ?? now));
        var proven = await describe();
        if (proven.Value != step.After)
        {
            return new(
                ErrorTypes.Conflict, $"The call succeeded, but the world shows {proven.Value} instead of {step.After}: {proven.Text}",
                "Look at it; retry observes and acts again.", false);
        }

        if (entry is not null)
        {
            entry.Unknown = false;
        }

        Done(step, StepStatus.Done, detail ?? proven.Text);
        return null;
    }

    private void Done(StepDeclaration step, StepStatus status, string? detail)
    {
        board.Steps.Set(step.Id, s => s with { Status = status, Detail = detail, EndedAt = RunBoard.Now });
        if (step.ProvesHealth)
        {
            board.Clock.Prove(RunBoard.Now);
            board.Escalation.Proven();
        }

        if (step.Contains && board.Clock.Contain(RunBoard.Now))
        {
            board.Note(Journal.Flow, "run.contained", $"Contained by {step.Number} {step.Id}.");
        }

        board.Note(Journal.Flow, status == StepStatus.Done ? "step.done" : "step.already-so", $"{step.Number} {step.Id}: {detail}");
    }
}
