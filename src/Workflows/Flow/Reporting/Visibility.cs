using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What lists and the Temporal UI show: search attributes, memo, the details page; and the clock's phases.</summary>
public sealed class Visibility(RunBoard board)
{
    private RunPhase? shown;
    private RunOutcome? outcome;

    /// <summary>Shows the board as it is now; called after every transition, never from a query.</summary>
    public void Refresh()
    {
        var phase = board.Phase;
        var updates = new List<SearchAttributeUpdate>();
        if (phase != shown)
        {
            board.Clock.Enter(phase, RunBoard.Now);
            shown = phase;
            updates.Add(SearchAttributeNames.Phase.ValueSet(Camel(phase.ToString())));
        }

        if (board.Outcome is { } ended && ended != outcome)
        {
            outcome = ended;
            updates.Add(SearchAttributeNames.Outcome.ValueSet(Camel(ended.ToString())));
        }

        if (updates.Count > 0)
        {
            Workflow.UpsertTypedSearchAttributes([.. updates]);
        }

        Workflow.CurrentDetails = DetailsPage.Render(StateView.Of(board));
    }

    /// <summary>Shows what the input says.</summary>
    public static void Introduce(RunHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var updates = new List<SearchAttributeUpdate>
        {
            SearchAttributeNames.Runbook.ValueSet(header.Runbook),
            SearchAttributeNames.Target.ValueSet(header.Target),
            SearchAttributeNames.Mode.ValueSet(Camel(header.Mode.ToString())),
        };
        if (header.IncidentClass is { } incident)
        {
            updates.Add(SearchAttributeNames.IncidentClass.ValueSet(incident));
        }

        Workflow.UpsertTypedSearchAttributes([.. updates]);
        Workflow.UpsertMemo(
            MemoUpdate.ValueSet("operator", header.Operator ?? "(unnamed)"),
            MemoUpdate.ValueSet("reason", header.Reason ?? ""),
            MemoUpdate.ValueSet("ticket", header.Ticket ?? ""));
    }

    /// <summary>Shows what the estate says.</summary>
    public static void Locate(RunScope scope, DateTimeOffset triggeredAt)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var updates = new List<SearchAttributeUpdate>();
        if (scope.Region is { } region)
        {
            updates.Add(SearchAttributeNames.Region.ValueSet(region));
        }

        if (scope.Rto is { } rto)
        {
            updates.Add(SearchAttributeNames.RtoDeadline.ValueSet(triggeredAt + rto));
        }

        if (updates.Count > 0)
        {
            Workflow.UpsertTypedSearchAttributes([.. updates]);
        }
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
