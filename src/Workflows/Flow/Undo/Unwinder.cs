using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// Works off the undo stack, last in, first out, three-way: the world equals before → done; equals after or a declared partial
/// state → act; anything else → a person changed it: ask. It never gives up by itself.
/// </summary>
public sealed class Unwinder(RunBoard board, GateKeeper gates, Succession succession, Pager pager)
{
    /// <summary>Unwinds everything; says whether an undo was left out by an approval, or the rest was handed over.</summary>
    public async Task<RunEnd> RunAsync()
    {
        var proven = true;
        foreach (var entry in board.Undo.Open)
        {
            if (entry.Step.Undo == UndoKind.Restore)
            {
                switch (await UndoAsync(entry))
                {
                    case RunEnd.RolledBack:
                        break;
                    case RunEnd.UndoUnproven:
                        proven = false;
                        break;
                    case var other:
                        return other;
                }
            }
            else
            {
                entry.Settled = true;
                board.Missing.Add(entry.Step.KeptText);
                board.Steps.TrySet(entry.Step.Id, s => s with { Status = StepStatus.Kept });
                board.Note(Journal.Flow, "undo.kept", $"{entry.Step.Id}: {entry.Step.KeptText}");
            }
        }

        return proven ? RunEnd.RolledBack : RunEnd.UndoUnproven;
    }

    private async Task<RunEnd> UndoAsync(UndoEntry entry)
    {
        var step = entry.Step;
        var pause = Policies.UndoPause;
        while (true)
        {
            if (await succession.YieldAsync() is { } yielded)
            {
                return yielded;
            }

            await Durable.UntilAsync(() => !board.Paused || board.YieldTo is not null);
            if (board.YieldTo is not null)
            {
                continue;
            }

            board.Steps.TrySet(step.Id, s => s with { Status = StepStatus.Undoing, Error = null });
            board.Note(Journal.Flow, "undo.begun", $"{step.Id}: back to {entry.Before.Value}");
            var (failure, ask) = await AttemptAsync(entry);
            if (failure is null)
            {
                entry.Settled = true;
                board.Steps.TrySet(step.Id, s => s with { Status = StepStatus.Undone, EndedAt = RunBoard.Now });
                board.Note(Journal.Flow, "undo.done", $"{step.Id}: {entry.Before.Value} again, as observed.");
                return RunEnd.RolledBack;
            }

            if (await ParkAsync(entry, failure, ask, pause) && await MayLeaveOutAsync(step))
            {
                entry.Settled = true;
                board.Missing.Add($"The undo of {step.Id} was left out: {failure.Message}");
                board.Steps.TrySet(step.Id, s => s with { Status = StepStatus.Skipped, Error = failure.Message });
                board.Note(Journal.Flow, "undo.skipped", $"{step.Id}: left out by approval; unproven.");
                return RunEnd.UndoUnproven;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Policies.LongestUndoPause.Ticks));
        }
    }

    private async Task<(Failure? Failure, bool Ask)> AttemptAsync(UndoEntry entry)
    {
        var step = entry.Step;
        try
        {
            var now = await step.Describe!();
            if (now.Blocked is { } blocked)
            {
                return (new(ErrorTypes.Conflict, blocked, "Put that right; it is tried again by itself.", false), false);
            }

            if (now.Value == entry.Before.Value && !entry.Unknown)
            {
                return (null, false);
            }

            if (now.Value != entry.Before.Value && now.Value != step.After && !step.Partials.Contains(now.Value))
            {
                var text = $"It is {now.Value} now ({now.Text}), neither {entry.Before.Value} as before nor {step.After} as we left it: a person changed it.";
                return (new(ErrorTypes.Conflict, text, "Put it right and retry, or skip this undo with an approval.", false), true);
            }

            await step.UndoAct!(new(board.Keys.Next(step.Id, StepKeys.Undo), entry.Before));
            entry.Unknown = false;
            var proven = await step.Describe();
            return proven.Value == entry.Before.Value
                ? (null, false)
                : (new(ErrorTypes.Conflict, $"Undone, but the world shows {proven.Value} instead of {entry.Before.Value}.", "It is tried again by itself.", false), false);
        }
        catch (FailureException e)
        {
            return (Failure.From(e), false);
        }
    }

    /// <summary>Waits for a person, or for the next round where time may help; true when a person wants to leave it out.</summary>
    private async Task<bool> ParkAsync(UndoEntry entry, Failure failure, bool ask, TimeSpan pause)
    {
        var step = entry.Step;
        var item = new ParkItem(step.Id, $"undo of {step.Number} {step.Id}", failure.Message, failure.Advice, skippable: true, undo: true);
        board.Parks.Add(item);
        if (board.AcknowledgedBy is null)
        {
            // Rounds that follow by themselves are not new: who is on it stays on it.
            board.Escalation.Parked();
        }

        board.Steps.TrySet(step.Id, s => s with { Error = failure.Message });
        board.Note(Journal.Flow, "undo.failed", $"{step.Id}: {failure.Type}: {failure.Message}{(ask ? "" : $" Next round in {pause}.")}");
        var page = $"the undo of {step.Id} failed: {failure.Message}";
        if (ask)
        {
            await pager.UntilAsync(() => item.Decision != ParkDecision.None || board.YieldTo is not null, "critical", page);
        }
        else
        {
            if (board.AcknowledgedBy is null)
            {
                pager.Page("critical", page);
            }

            await Durable.UntilAsync(() => item.Decision != ParkDecision.None || board.YieldTo is not null, pause, $"next round of the undo of {step.Id}");
        }

        board.Parks.Remove(item);
        board.Note(Journal.Flow, "undo.unparked", $"{step.Id}: {(item.Decision == ParkDecision.None ? "next round" : item.Decision)}");
        return item.Decision == ParkDecision.Skip;
    }

    private async Task<bool> MayLeaveOutAsync(StepDeclaration step)
    {
        var gate = gates.Extra("skip-" + step.Id, $"Leave the undo of {step.Id} out? The former state stays unproven.", board.Unwinding!.Digest);
        return await gates.PassAsync(gate, () => board.YieldTo is not null) == GateEnd.Passed;
    }
}
