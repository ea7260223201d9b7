using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Gathers facts and makes the plan; a plan whose digest stays the same keeps its number and its approvals.</summary>
public sealed class Planner(RunBoard board, IPlaybook playbook, GateKeeper gates, Pager pager)
{
    /// <summary>Gathers again and adopts what comes of it; the failure when a fact could not be had.</summary>
    public async Task<Failure?> RefreshAsync()
    {
        try
        {
            await playbook.GatherAsync(board.Facts);
        }
        catch (FailureException e)
        {
            return Failure.From(e);
        }

        Adopt(playbook.Draft(board.Ungraceful));
        board.Stale = false;
        return null;
    }

    private void Adopt(PlanDraft fresh)
    {
        var former = board.Plan;
        var draft = fresh with
        {
            Ungraceful = board.Ungraceful,
            Steps = [.. fresh.Steps.Select(s => board.Ungraceful && s.NeedsLostSide ? s with { LeftOut = "needs the lost side" } : s)],
            Round = board.Round,
            Bounds = [.. Inherited(), .. fresh.Bounds.Select(b => b.KeepLimitOf(former?.Draft.Bounds.FirstOrDefault(f => f.Id == b.Id)))],
        };
        draft = WithSwitchGate(draft);
        var mistakes = PlanRules.Check(draft);
        if (mistakes.Count > 0)
        {
            throw new ApplicationFailureException($"The plan breaks Flow's rules: {string.Join("; ", mistakes)}.", ErrorTypes.InvalidInput, nonRetryable: true);
        }

        var digest = PlanDigest.Of(draft);
        if (former?.Digest == digest)
        {
            board.Plan = former with { Draft = draft };
            board.Steps.Adopt(draft.Steps);
            return;
        }

        var plan = new Plan((former?.Number ?? 0) + 1, digest, draft);
        board.Plan = plan;
        board.Steps.Adopt(draft.Steps);
        gates.Rebuild(plan);
        if (former is null)
        {
            board.Note(Journal.Flow, "plan.made", $"Plan 1 ({digest[..8]}): {string.Join("; ", draft.Bounds.Select(b => b.Text))}");
            return;
        }

        var difference = PlanDigest.Difference(former.Draft, draft);
        board.Note(Journal.Flow, "plan.changed", FormattableString.Invariant($"Plan {plan.Number} ({digest[..8]}), former approvals are void: {difference}"));
        pager.Page("warning", FormattableString.Invariant($"plan {plan.Number} ({digest[..8]}) replaces plan {former.Number}: {difference}"));
    }

    /// <summary>What runs of a lower rank did is part of what an approval accepts.</summary>
    private IEnumerable<Bound> Inherited() => board.Inherited.SelectMany(run => run.Undo.Select(undo => Bound.Exactly(
        $"inherited/{run.WorkflowId}/{undo.Step}",
        $"takes over from {run.WorkflowId} ({run.Runbook}): {undo.Number} {undo.Step} stays {(undo.Unknown ? "as it is, which is not known" : undo.After)}, it was {undo.Before} before")));

    /// <summary>A switch is always approved, also in a plan that needs no approval otherwise.</summary>
    private PlanDraft WithSwitchGate(PlanDraft draft)
    {
        if (!draft.Ungraceful || draft.Gates.Count > 0)
        {
            return draft;
        }

        var former = board.Plan?.Draft.Gates.FirstOrDefault(g => g.Name == "switch");
        var next = former?.BeforeStep ?? (board.Steps.Next() is [var open, ..] ? open.Id : draft.Steps[^1].Id);
        return draft with { Gates = [new("switch", "Go on without the lost side?", next)] };
    }
}
