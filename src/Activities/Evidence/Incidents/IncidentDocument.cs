using System.Globalization;
using System.Text;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Activities.Evidence.Incidents;

/// <summary>An incident as a Markdown document: what the history knows is written, what only people know is a field to fill in.</summary>
public static class IncidentDocument
{
    /// <summary>Writes it.</summary>
    public static string Render(IncidentRecord record)
    {
        var page = new StringBuilder(8192);
        Line(page, $"# Incident {record.Class}: {record.Runbook} {record.Title}, {Text(record.Target)}");
        if (record.Mode == RunMode.Practice)
        {
            Line(page, "\n**PRACTICE: not a real incident.**");
        }

        if (record.Times.Closed is null)
        {
            Line(page, "\n**Not closed: this is what is known so far.**");
        }

        Line(page, "\nWritten from the run's own history; nothing in it was typed by hand. **Names of people are claimed, not proven**: who can reach the\nserver can use any name, unless an approval is signed.\n");
        Line(page, "| | |\n|---|---|");
        Row(page, "id", record.Id);
        Row(page, "class", record.Class);
        Row(page, "target", record.Target + (record.Region is { } region ? $" in {region}" : ""));
        Row(page, "outcome", record.Outcome?.ToString() ?? "open");
        Row(page, "summary", record.Summary);
        Row(page, "operator (claimed)", record.Operator);
        Row(page, "acknowledged by (claimed)", record.AcknowledgedBy ?? "nobody");
        Times(page, record.Times);
        List(page, "Impact: voting power, heights, what was observed", record.Impact, "Nothing was observed.");
        List(page, "What was done", record.Done, "Nothing.");
        List(page, "Who approved what (claimed)", [.. record.Approvals.Select(Entry)], "Nothing needed an approval, or nobody answered.");
        List(page, "Who was paged by the escalation", [.. record.Escalated.Select(Told)], "Nobody.");
        List(page, "Unproven, left out or left behind", record.Unproven, "Nothing.");
        Actions(page, record.Actions);
        Line(page, "\n## Root cause\n\nTo be filled in by a person; no history knows it.\n\n- What broke, and why:\n- Why it was not noticed or prevented before:\n- What changes so that it does not happen again, by whom, until when:\n- Where the analysis can be read:");
        List(page, "Timeline (UTC)", [.. record.Timeline.Select(Entry)], "Empty.");
        Line(page, $"\nRun `{record.Id}`. {(record.StateDigest is { } digest ? $"Made from the state with SHA-256 `{digest}`." : "Made from a run's live state.")}");
        return page.ToString();
    }

    private static void Times(StringBuilder page, IncidentTimes times)
    {
        Line(page, "\n## Times (UTC)\n\n| what | when | after the trigger |\n|---|---|---|");
        Point(page, "trigger", times.Trigger, times.Trigger, "");
        Point(page, "detected: the run began", times.Detected, times.Trigger, "not recorded");
        Point(page, "declared: the first plan was there", times.Declared, times.Trigger, "never");
        Point(page, "contained", times.Contained, times.Trigger, "no step of this run contained anything");
        Point(page, "proven healthy", times.Healthy, times.Trigger, "NOT PROVEN");
        Point(page, "closed", times.Closed, times.Trigger, "open");
        var objective = times.Objective is not { } goal ? "no objective"
            : times.Healthy is not { } healthy ? $"objective {Span(goal)}, not met: health is not proven"
            : healthy - times.Trigger <= goal ? $"objective {Span(goal)}, met" : $"objective {Span(goal)}, MISSED by {Span(healthy - times.Trigger - goal)}";
        Line(page, $"\nRecovery time {(times.Healthy is { } at ? Span(at - times.Trigger) : "open")}; {objective}. Of it waiting for approvals {Span(times.AtGates)}, paused or parked {Span(times.Paused)}.");
    }

    private static void Point(StringBuilder page, string what, DateTimeOffset? at, DateTimeOffset trigger, string otherwise) =>
        Line(page, $"| {what} | {(at is { } time ? Time(time) : otherwise)} | {(at is { } when ? Span(when - trigger) : "")} |");

    private static void Actions(StringBuilder page, IReadOnlyList<IncidentAction> actions)
    {
        Line(page, "\n## Open actions\n");
        if (actions.Count == 0)
        {
            Line(page, "None.");
            return;
        }

        Line(page, "| action | owner (claimed) | until | done |\n|---|---|---|---|");
        foreach (var action in actions)
        {
            var done = action.Done is { } one ? $"by {one.By} {Time(one.At)}: {one.Where}{(one.Late ? " (late)" : "")}{(one.Note is { } note ? $" — {note}" : "")}" : "";
            Line(page, $"| {Text(action.What)} | {Text(action.Owner)} | {(action.DueAt is { } due ? Time(due) : "no deadline")} | {Text(done)} |");
        }
    }

    private static string Entry(JournalEntry entry) =>
        $"{Time(entry.At)} {(entry.Actor == "flow" ? "" : entry.Actor + " (claimed): ")}{entry.Event}: {entry.Text}";

    private static string Told(EscalationTold told) =>
        $"{Time(told.At)} {told.Who()}: {(told.Delivered ? "a channel took the page" : "NOT REACHED")}. {told.Detail}";

    private static void List(StringBuilder page, string title, IReadOnlyList<string> items, string otherwise)
    {
        Line(page, $"\n## {title}\n");
        foreach (var item in items.DefaultIfEmpty(otherwise))
        {
            Line(page, "- " + Text(item));
        }
    }

    private static void Row(StringBuilder page, string name, string value) => Line(page, $"| {name} | {Text(value)} |");

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');

    /// <summary>What a run recorded is text, never markup.</summary>
    private static string Text(string text)
    {
        var safe = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\r' or '\n' => safe.Append(' '),
                '<' => safe.Append("&lt;"),
                '|' or '`' or '[' or ']' or '*' or '_' or '\\' => safe.Append('\\').Append(c),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "-" + Span(-span),
        { TotalDays: >= 1 } => FormattableString.Invariant($"{(int)span.TotalDays} d {span.Hours} h {span.Minutes} min"),
        { TotalHours: >= 1 } => FormattableString.Invariant($"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => FormattableString.Invariant($"{(int)span.TotalMinutes} min {span.Seconds} s"),
        _ => FormattableString.Invariant($"{span.TotalSeconds:0.#} s"),
    };
}
