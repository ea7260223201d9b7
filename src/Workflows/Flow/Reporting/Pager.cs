using System.Globalization;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Tells people, without holding up the run; what could not be told is in the journal.</summary>
public sealed class Pager(RunBoard board)
{
    private readonly List<Task> sending = [];
    private int sent;

    /// <summary>Sends one notification in the background.</summary>
    /// <param name="severity">How bad it is.</param>
    /// <param name="summary">One line.</param>
    /// <param name="resolves">What the run is about is over, and that was proven.</param>
    public void Page(string severity, string summary, bool resolves = false)
    {
        // A quiet run keeps the rest of its history for verbs and undo: it tells what is critical, and its end.
        if (board.Header.Mode == RunMode.DryRun || board.Scope is null || (board.Quiet && severity != "critical" && !board.Closed))
        {
            return;
        }

        sent++;
        var header = board.Header;
        var practice = header.Mode == RunMode.Practice;
        var notification = new Notification(
            FormattableString.Invariant($"{Workflow.Info.WorkflowId}/{Workflow.Info.FirstExecutionRunId}/{sent}"), severity, header.IncidentClass,
            $"{(practice ? "[practice] " : "")}{header.Runbook} {header.Target}: {summary}",
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["run"] = Workflow.Info.WorkflowId,
                ["runbook"] = header.Runbook,
                ["target"] = header.Target,
                ["phase"] = board.Phase.ToString(),
                ["plan"] = board.Plan is { } plan ? plan.Number.ToString(CultureInfo.InvariantCulture) + " " + plan.Digest[..8] : "none",
            },
            board.Scope.Channels, practice)
        {
            Incident = Workflow.Info.WorkflowId,
            Resolves = resolves,
        };
        sending.RemoveAll(t => t.IsCompleted);

        // A page that comes late would open again what was said to be over.
        sending.Add(SendAsync(notification, resolves ? [.. sending] : []));
    }

    /// <summary>Waits for an answer and pages again and again until somebody acknowledges or answers.</summary>
    public async Task UntilAsync(Func<bool> answered, string severity, string summary)
    {
        Page(severity, summary);
        var interval = Policies.PageInterval;
        while (!await Durable.UntilAsync(answered, interval, "pages again"))
        {
            if (board.AcknowledgedBy is null)
            {
                Page(severity, summary);
            }

            // Without an end this would fill a history by itself, quiet or not.
            interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 2, Policies.LongestPageInterval.Ticks));
        }
    }

    /// <summary>Waits for what is on its way.</summary>
    public Task DrainAsync() => Workflow.WhenAllAsync([.. sending]);

    private async Task SendAsync(Notification notification, IReadOnlyList<Task> before)
    {
        if (before.Count > 0)
        {
            await Workflow.WhenAllAsync([.. before]);
        }

        try
        {
            var receipts = await Workflow.ExecuteActivityAsync(
                (INotifyActivities a) => a.SendAsync(notification), Policies.Page("tells: " + Short(notification.Summary)));
            foreach (var receipt in receipts.Where(r => !r.Delivered))
            {
                board.Note(Journal.Flow, "notify.failed", $"{receipt.Channel} was not told \"{notification.Summary}\": {receipt.Detail}");
            }
        }
        catch (FailureException e)
        {
            board.Note(Journal.Flow, "notify.failed", $"Nobody was told \"{notification.Summary}\": {Failure.From(e).Message}");
        }
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80];
}
