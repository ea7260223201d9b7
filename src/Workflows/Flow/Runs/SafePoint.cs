using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The place between two calls where nothing is in flight: here a run pauses, parks, yields, unwinds, or goes on.</summary>
public sealed class SafePoint(RunBoard board, Unwinder unwinder, Succession succession, Pager pager, LimitsWatch limits, ResetWatch resets)
{
    /// <summary>Goes on (null) when nothing stands against it.</summary>
    public async Task<RunEnd?> HoldAsync()
    {
        limits.Check();
        await resets.HoldAsync();
        while (true)
        {
            if (await succession.YieldAsync() is { } yielded)
            {
                return yielded;
            }

            if (board.Abort == AbortStage.Asked)
            {
                if (await UnwindAsync() is { } end)
                {
                    return end;
                }
            }
            else if (board.Paused)
            {
                await Durable.UntilAsync(() => !board.Paused || board.Abort == AbortStage.Asked || board.YieldTo is not null);
            }
            else
            {
                return null;
            }
        }
    }

    /// <summary>Waits for a person's decision about each item; null when the run goes on.</summary>
    public async Task<RunEnd?> ParkAsync(IReadOnlyList<ParkItem> items)
    {
        board.Parks.AddRange(items);
        foreach (var item in items)
        {
            board.Note(Journal.Flow, "parked", $"{item.Title}: {item.Error} {item.Advice}");
        }

        board.Escalation.Parked();
        var text = string.Join("; ", items.Select(i => $"parked at {i.Title}: {i.Error} {i.Advice}"));
        while (items.Any(i => i.Decision == ParkDecision.None))
        {
            await pager.UntilAsync(
                () => items.All(i => i.Decision != ParkDecision.None) || board.Abort == AbortStage.Asked || board.YieldTo is not null,
                "error", text);
            if (await succession.YieldAsync() is { } yielded)
            {
                board.Parks.Clear();
                return yielded;
            }

            if (board.Abort == AbortStage.Asked && await UnwindAsync() is { } end)
            {
                return end;
            }
        }

        board.Parks.Clear();
        board.AcknowledgedBy = null;
        board.Stale = true;
        foreach (var item in items.Where(i => i.Decision == ParkDecision.Skip))
        {
            LeaveOut(item);
        }

        board.Note(Journal.Flow, "unparked", string.Join(", ", items.Select(i => $"{i.Id}: {i.Decision}")));
        return null;
    }

    private void LeaveOut(ParkItem item)
    {
        if (board.Steps.Declared.FirstOrDefault(s => s.Id == item.Id) is not { } step)
        {
            return;
        }

        board.Steps.Set(item.Id, s => s with { Status = StepStatus.Skipped, EndedAt = RunBoard.Now });
        board.Missing.Add($"{step.Number} {step.Id} was skipped: {(step.Unproven.Length > 0 ? step.Unproven : "its result is unproven")}.");
        board.Note(Journal.Flow, "step.skipped", $"{step.Number} {step.Id}: unproven: {step.Unproven}");
    }

    private async Task<RunEnd?> UnwindAsync()
    {
        var parked = board.Parks.ToArray();
        board.Parks.Clear();
        var lines = board.Undo.Lines();
        if (lines.Count == 0)
        {
            return RunEnd.Aborted;
        }

        var digest = PlanDigest.Of(["unwind/1", board.Plan!.Digest, .. lines]);
        board.Unwinding = new(board.Plan.Number, digest, lines, [.. board.Undo.Open.Select(e => e.Step.UndoRisk).Where(r => r.Length > 0)]);
        board.Abort = AbortStage.AwaitingConfirmation;
        board.Note(Journal.Flow, "unwind.planned", $"Unwinding plan {digest[..8]}: {string.Join("; ", lines)}");
        while (board.Abort == AbortStage.AwaitingConfirmation)
        {
            await pager.UntilAsync(
                () => board.Abort != AbortStage.AwaitingConfirmation || board.YieldTo is not null, "error",
                $"the unwinding plan {digest[..8]} awaits its confirmation (abort with this digest, or resume)");
            if (await succession.YieldAsync() is { } yielded)
            {
                return yielded;
            }
        }

        if (board.Abort == AbortStage.None)
        {
            board.Parks.AddRange(parked);
            return null;
        }

        board.Paused = false;
        return await unwinder.RunAsync();
    }
}
