using Temporalio.Exceptions;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A run's locks: those that its estate names, or those of the run that it settles.</summary>
public sealed class RunLocks(RunBoard board, Succession succession)
{
    /// <summary>Takes them all; the end of the run where an abort came first, null when they are held or not needed.</summary>
    /// <exception cref="ApplicationFailureException">A lock is held: nothing was touched.</exception>
    public async Task<RunEnd?> TakeAsync()
    {
        if (board.Header.Mode == RunMode.DryRun)
        {
            return null;
        }

        var wishes = board.Scope!.Wishes;
        board.Locks = Make();
        bool taken;
        try
        {
            taken = await board.Locks.TakeAsync(
                wishes, () => board.Abort != AbortStage.None, text => board.Note(Journal.Flow, "lock.waiting", text));
        }
        catch (ApplicationFailureException)
        {
            // What a holder handed over on the way must not be left to nobody.
            await succession.ClaimAsync();
            await succession.PassOnAsync();
            throw;
        }

        if (!taken)
        {
            return RunEnd.Aborted;
        }

        board.Note(Journal.Flow, "lock.taken", Text(wishes));
        return null;
    }

    /// <summary>Takes over those of another run.</summary>
    /// <exception cref="ApplicationFailureException">Somebody else holds one.</exception>
    public async Task AdoptAsync(Takeover takeover)
    {
        ArgumentNullException.ThrowIfNull(takeover);
        board.Locks = Make();
        await board.Locks.AdoptAsync(takeover.Run.Locks, takeover.HolderWorkflowId, takeover.HolderFirstRunId);
        board.Note(Journal.Flow, "lock.taken", $"{Text(board.Locks.Held)}, from {takeover.HolderWorkflowId}");
    }

    private static string Text(IReadOnlyList<LockWish> locks) => string.Join(", ", locks.Select(l => l.Shared ? l.Id + " (shared)" : l.Id));

    private LockTaker Make()
    {
        var header = board.Header;
        var holder = LockTaker.Holder(header.Runbook, header.Operator, board.Rank, header.Reason ?? header.Title) with { Inherits = true };
        return new(new(holder, board.Scope!.Channels, header.IncidentClass, header.Mode == RunMode.Practice));
    }
}
