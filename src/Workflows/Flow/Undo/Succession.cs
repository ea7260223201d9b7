using System.Text.Json;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Who answers for what was done and not undone: this run, a run of a higher rank that takes its lock, or a repair.</summary>
public sealed class Succession(RunBoard board, IPlaybook playbook, Pager pager, ResetWatch resets)
{
    private const int JournalTail = 50;

    /// <summary>What this run did, for another one.</summary>
    public RunHandover Describe() => new()
    {
        WorkflowId = board.Keys.WorkflowId,
        FirstRunId = board.Keys.FirstRunId,
        HolderWorkflowId = Workflow.Info.WorkflowId,
        HolderFirstRunId = Workflow.Info.FirstExecutionRunId,
        Runbook = board.Header.Runbook,
        Target = board.Header.Target,
        Number = board.Keys.Number,
        Committed = board.Committed,
        Undo = board.Undo.Records(),
        Locks = board.Locks?.Held ?? [],
        Input = JsonSerializer.SerializeToElement(playbook.Pinned, playbook.Pinned.GetType(), DrDataConverter.JsonOptions),
        Inherited = [.. board.Inherited],
    };

    /// <summary>A run of a lower rank handed over what it did.</summary>
    public void Inherit(RunHandover run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (board.Inherited.Exists(h => h.WorkflowId == run.WorkflowId && h.FirstRunId == run.FirstRunId))
        {
            return;
        }

        board.Inherited.Add(run with { Journal = [], Inherited = [] });
        board.Inherited.AddRange(run.Inherited);
        board.Stale = true;
        board.Note(run.WorkflowId, "inherited", $"{run.WorkflowId} ({run.Runbook}) handed over: {string.Join("; ", UndoLines.Of(run.Undo))}");
        foreach (var entry in run.Journal)
        {
            board.Note(run.WorkflowId, entry.Event, $"{entry.At:u} {entry.Actor}: {entry.Text}");
        }
    }

    /// <summary>At a place where nothing is in flight: gives way to a run of a higher rank, if one asked; null when the run goes on.</summary>
    public async Task<RunEnd?> YieldAsync()
    {
        if (board.YieldTo is not { } to)
        {
            return null;
        }

        if (!board.Acted)
        {
            return RunEnd.Superseded;
        }

        await resets.HoldEndAsync();

        var handover = Describe() with { Journal = [.. board.Journal.Entries.TakeLast(JournalTail)] };
        if (!await LockCalls.SignalAsync(to.WorkflowId, LockVerbs.Inherit, handover))
        {
            board.YieldTo = null;
            board.Paused = true;
            board.Note(Journal.Flow, "yield.paused", $"{to.WorkflowId} is over already and took nothing over: paused. Resume, or abort.");
            pager.Page("error", $"paused: {to.WorkflowId} wanted the lock and is over already; resume or abort");
            return null;
        }

        board.Note(Journal.Flow, "handed-over", $"{to.WorkflowId} answers for it from here on: {string.Join("; ", UndoLines.Of(handover.Undo))}");
        await board.Locks!.GiveAsync(to);
        board.Missing.AddRange(UndoLines.Of(handover.Undo).Select(line => $"Handed over to {to.WorkflowId}: {line}"));
        return RunEnd.HandedOver;
    }

    /// <summary>Waits for the locks that are on their way with what was handed over: a run must not end without them.</summary>
    public async Task ClaimAsync()
    {
        foreach (var run in board.Inherited.ToArray())
        {
            try
            {
                await board.Locks!.AdoptAsync(run.Locks, run.HolderWorkflowId, run.HolderFirstRunId);
            }
            catch (ApplicationFailureException e)
            {
                // Somebody else has it by now; the journal says so, and it is not ours to free.
                board.Note(Journal.Flow, "lock.lost", Failure.From(e).Message);
            }
        }
    }

    /// <summary>What was inherited and is not settled by this run's own end goes to a repair of its own, with the locks.</summary>
    public async Task PassOnAsync()
    {
        if (board.Inherited.Count == 0)
        {
            return;
        }

        var first = board.Inherited[0];
        var run = first with { Inherited = [.. board.Inherited.Skip(1)], Locks = board.Locks!.Held };
        try
        {
            var me = Me().Holder;
            var input = RepairInput.Of(new(run, me.WorkflowId, me.FirstRunId, Adopt: false, null), me.WorkflowId, $"{me.WorkflowId} ended without it");
            var handle = await StartAsync(run, input);
            await board.Locks.GiveAsync(me with { WorkflowId = handle.Id, FirstRunId = handle.FirstExecutionRunId, Runbook = run.Runbook });
            board.Missing.Add($"What {first.WorkflowId} did is not undone: {handle.Id} asks for the approval to do that, and has the locks.");
            board.Note(Journal.Flow, "passed-on", $"{handle.Id} settles what {first.WorkflowId} did.");
        }
        catch (Exception e) when (e is FailureException or InvalidOperationException)
        {
            // The locks stay behind without a holder that lives: orphaned, which pages and names the repair.
            board.Missing.Add($"What {first.WorkflowId} did is not undone, and no repair could be started: {e.Message}");
            board.Note(Journal.Flow, "passed-on.failed", e.Message);
            board.Locks!.Abandon();
        }
    }

    private LockInput Me() => new(
        LockTaker.Holder(board.Header.Runbook, board.Header.Operator, board.Rank, board.Header.Reason), board.Scope?.Channels ?? [], board.Header.IncidentClass,
        board.Header.Mode == RunMode.Practice);

    private static async Task<ChildWorkflowHandle> StartAsync(RunHandover run, JsonElement input)
    {
        var id = RepairInput.IdOf(run.WorkflowId, run.FirstRunId);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Workflow.StartChildWorkflowAsync(run.Runbook, [input], new()
                {
                    Id = attempt == 1 ? id : FormattableString.Invariant($"{id}/{attempt}"),

                    // It has to outlive us: that is what it is for.
                    ParentClosePolicy = ParentClosePolicy.Abandon,
                    CancellationType = ChildWorkflowCancellationType.Abandon,
                    CancellationToken = CancellationToken.None,
                    StaticSummary = $"settles what {run.WorkflowId} did",
                });
            }
            catch (WorkflowAlreadyStartedException) when (attempt < 5)
            {
                // An earlier repair of the same run, which gave way itself, is still ending.
            }
        }
    }
}
