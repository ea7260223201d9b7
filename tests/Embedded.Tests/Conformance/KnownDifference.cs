using System.Text.RegularExpressions;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A difference that remains, with its reason on the page docs/embedded-differences.md.</summary>
/// <param name="Id">Its name on the page.</param>
/// <param name="Scenarios">Which scenarios it may show in.</param>
/// <param name="Under">The event or outcome that the line belongs to.</param>
/// <param name="Line">Which lines differ; they are left out on both sides, with what hangs below them.</param>
public sealed partial record KnownDifference(string Id, Regex Scenarios, Regex Under, Regex Line)
{
    /// <summary>The differences that remain.</summary>
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        Of("order-by", "list.order-by", "", "ORDER BY"),
        Of("close-time-of-open-runs", "list.times", "", "CloseTime > "),
        Of("mistaken-values", "list.mistakes", "", "ConformNumber = 'x'"),
        Of("attribute-types", "attributes.of-the-namespace", "", "^again with another type"),
        Of("worker-versions", ".*", "", @"^\s+(indexed_fields\[BuildIds\]|most_recent_worker_version_stamp:)"),
        Of("activity-worker-versions", ".*", "ActivityTaskStarted", @"^\s+worker_version:"),
        Of("reset-points", ".*", "", @"^\s+(prev_)?auto_reset_points:"),
        Of("request-infos", ".*", "", @"^\s+(request_id_infos\[|run_expiration_time:)"),
        Of("activity-options", "activity.describe-.*", "^describe", @"^\s+activity_options:"),
        Of("pause-between-runs", "chain.*|reset.*chain|child.continues-as-new|child.retried|cancel.the-first-run-of-a-chain", "WorkflowExecutionStarted", @"^\s+first_workflow_task_backoff: at most [01] s"),
        Of("signal-request-ids", ".*", "WorkflowExecutionSignaled|^task:", @"^\s+request_id:"),
        Of("refusal-texts", "refused.*", "WorkflowTaskFailed", @"^\s+message:"),
        Of("links", "conflict.same-request-id|start.bad-requests", "", @"^\s+(link|first_execution_run_id):"),
        Of("termination-details", "conflict.*", "WorkflowExecutionTerminated", @"^\s+details:"),
        Of("cron-close-event", "chain.cron.*", "", "^(first|second) run:"),
        Of("update-size", "limit.requests-of-clients", "", "^update:"),
        Of("two-triggers", "schedule.two-triggers-at-once", "", "^actions:"),
        Of("cancel-with-the-close", "child.cancelled-try-cancel", "", "^child"),
    ];

    /// <summary>Makes one of patterns.</summary>
    public static KnownDifference Of(string id, string scenarios, string under, string line) =>
        new(id, new("^(" + scenarios + ")$", RegexOptions.CultureInvariant), new(under, RegexOptions.CultureInvariant), new(line, RegexOptions.CultureInvariant));

    /// <summary>The lines of a scenario without those that are known to differ; ids that were numbered by their first appearance are numbered again.</summary>
    public static IReadOnlyList<string> Left(string scenario, IReadOnlyList<string> lines)
    {
        KnownDifference[] known = [.. All.Where(d => d.Scenarios.IsMatch(scenario))];
        var left = new List<string>();
        string head = "";
        int below = int.MaxValue;
        foreach (string line in lines)
        {
            int depth = line.Length - line.TrimStart(' ').Length;
            head = depth == 0 ? line : head;
            if (depth > below)
            {
                continue;
            }

            below = int.MaxValue;
            if (known.Any(d => d.Under.IsMatch(head) && d.Line.IsMatch(line)))
            {
                below = depth;
                continue;
            }

            // A heading that has lost all that stood below it.
            DropEmpty(left, depth);
            left.Add(line);
        }

        DropEmpty(left, 0);
        return Renumbered(left);
    }

    private static void DropEmpty(List<string> left, int depth)
    {
        while (left.Count > 0 && left[^1].EndsWith(':') && left[^1].StartsWith(' ') && left[^1].Length - left[^1].TrimStart(' ').Length >= depth)
        {
            left.RemoveAt(left.Count - 1);
        }
    }

    private static List<string> Renumbered(List<string> lines)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return [.. lines.Select(line => Numbered().Replace(line, match =>
        {
            if (!names.TryGetValue(match.Value, out string? name))
            {
                names[match.Value] = name = $"<id{names.Count + 1}>";
            }

            return name;
        }))];
    }

    [GeneratedRegex(@"<id\d+>")]
    private static partial Regex Numbered();
}
