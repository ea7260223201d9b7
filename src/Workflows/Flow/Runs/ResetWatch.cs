using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// A run that was reset may only be repaired: what it did after the point of the reset is in the world, but no longer in its history. The replayed part must
/// take the way it took, so what is noticed is recorded by patch markers, first asked where the replay ends.
/// </summary>
public sealed class ResetWatch(RunBoard board, Pager pager)
{
    private int holds;
    private int ends;
    private int verbs;

    /// <summary>At a safe point: a run that was reset goes no further.</summary>
    public Task HoldAsync() => Notice(FormattableString.Invariant($"reset-{holds++}")) ? Durable.UntilAsync(() => false) : Task.CompletedTask;

    /// <summary>Before a run gives its locks away or frees them: what it knows of its acts may not be all.</summary>
    public Task HoldEndAsync() => Notice(FormattableString.Invariant($"reset-end-{ends++}")) ? Durable.UntilAsync(() => false) : Task.CompletedTask;

    /// <summary>Before a verb is decided: a run may wait for one at a place that it came to before its reset.</summary>
    public void NoticeVerb() => Notice(FormattableString.Invariant($"reset-verb-{verbs++}"));

    private bool Notice(string id)
    {
        if (!RunBoard.FollowsAnother || !Workflow.Patched(id))
        {
            return board.Reset;
        }

        if (!board.Reset)
        {
            board.Reset = true;
            var text = "This run was reset. What it did since is no longer in its history: it may only be repaired "
                + $"(virtengine-dr repair {Workflow.Info.WorkflowId}). Its lock stays.";
            board.Note(Journal.Flow, "run.reset", text);
            pager.Page("critical", text);
        }

        return true;
    }
}
