using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>A closing run's side of its aftermath: what is owed stands in the evidence, and a workflow of its own reminds of it.</summary>
public sealed class AftermathDesk(RunBoard board)
{
    /// <summary>The mark of runs that hand their deadlines over. Runs that began before it close without.</summary>
    public const string Patch = "aftermath";

    private DateTimeOffset closedAt;

    /// <summary>Writes on the board what people owe after a run that ended so: nothing where it changed nothing, or another run answers for it.</summary>
    public void Owe(RunEnd end, bool leavesFormerRounds)
    {
        if (board.Header.Mode == RunMode.DryRun || !(leavesFormerRounds || end is RunEnd.Done or RunEnd.YieldedWatching or RunEnd.Adopted or RunEnd.RolledBack or RunEnd.UndoUnproven))
        {
            return;
        }

        closedAt = RunBoard.Now;
        var run = board.Incident();
        var tasks = AftermathTable.For(run.Runbook, board.Header.IncidentClass, closedAt, run.Operator);
        if (tasks.Count > 0 && Workflow.Patched(Patch))
        {
            board.Aftermath = tasks;
        }
    }

    /// <summary>Hands it over; returns when the workflow that reminds of it exists.</summary>
    public async Task HandOverAsync()
    {
        if (board.Aftermath.Count == 0)
        {
            return;
        }

        var input = new AftermathInput
        {
            Run = board.Incident(),
            Outcome = $"{board.Outcome}: {board.Ending}",
            ClosedAt = closedAt,
            Evidence = board.Evidence,
            Tasks = board.Aftermath,
            Channels = board.Scope!.Channels,
        };
        var id = Names.AftermathId(input.Run.WorkflowId, input.Run.FirstRunId);
        try
        {
            await Workflow.StartChildWorkflowAsync(
                (AftermathWorkflow w) => w.RunAsync(input),
                new()
                {
                    Id = id,

                    // It has to outlive us: that is what it is for.
                    ParentClosePolicy = ParentClosePolicy.Abandon,
                    CancellationType = ChildWorkflowCancellationType.Abandon,
                    CancellationToken = CancellationToken.None,
                    IdReusePolicy = Temporalio.Api.Enums.V1.WorkflowIdReusePolicy.RejectDuplicate,
                    StaticSummary = $"what is owed after {input.Run.WorkflowId}",
                });
        }
        catch (WorkflowAlreadyStartedException)
        {
            // A run that was reset while it closed comes here again: it was handed over.
        }

        board.Note(Journal.Flow, "aftermath.begun", $"{id}: {string.Join(", ", input.Tasks.Select(t => FormattableString.Invariant($"{t.Title} by {t.DueAt:u}")))}");
    }
}
