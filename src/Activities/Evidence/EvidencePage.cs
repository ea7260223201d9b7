using System.Globalization;
using System.Net;
using System.Text;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Evidence;

/// <summary>A run as one page that needs nothing else: no script, no font, no picture from elsewhere; it prints.</summary>
public static class EvidencePage
{
    /// <summary>Renders the page.</summary>
    /// <param name="state">The run.</param>
    /// <param name="digest">SHA-256 of the state's JSON.</param>
    /// <param name="keyId">Who signed; null when nobody did.</param>
    public static string Render(RunState state, string digest, string? keyId)
    {
        var page = new StringBuilder(16_384);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Append(Text($"{state.Runbook} {state.Target}")).Append("</title><style>").Append(EvidenceStyle.Css).Append("</style></head><body><main>");
        Head(page, state);
        Clock(page, state);
        Plan(page, state);
        Gates(page, state);
        Steps(page, state);
        List(page, "Unproven, left out or left behind", state.Missing);
        List(page, "Paged by the escalation", [.. state.Escalated.Select(t =>
            $"{Time(t.At)} {t.Who()}: {(t.Delivered ? "a channel took the page" : "NOT REACHED")}. {t.Detail}")]);
        List(page, "Owed after it", [.. state.Aftermath.Select(t => $"{t.Title} by {Time(t.DueAt)}, owed by {t.Owner} (claimed); {t.Source}")]);
        Facts(page, state);
        Journal(page, state);
        page.Append("<footer>Run ").Append(Text(state.WorkflowId)).Append("<br>State SHA-256 ").Append(digest).Append("<br>")
            .Append(keyId is null ? "Not signed: no signing key is configured." : $"Signed by key {Text(keyId)}.")
            .Append("<br>Names of people are claimed, not proven.</footer></main></body></html>");
        return page.ToString();
    }

    private static void Head(StringBuilder page, RunState state)
    {
        var outcome = state.Outcome?.ToString() ?? state.Phase.ToString();
        if (state.Mode != RunMode.Live)
        {
            page.Append("<p class=practice>").Append(state.Mode == RunMode.Practice ? "PRACTICE: not a real incident" : "DRY RUN: nothing was touched").Append("</p>");
        }

        page.Append("<header><div><p class=kind>").Append(Text(state.Runbook)).Append(state.IncidentClass is { } c ? $" · {Text(c)}" : "").Append("</p><h1>")
            .Append(Text(state.Title)).Append("</h1><p>").Append(Text(state.Target)).Append(state.Region is { } r ? $" in {Text(r)}" : "")
            .Append(" · operator ").Append(Text(state.Operator)).Append(" (claimed)</p></div><p class=\"outcome ").Append(outcome.ToLowerInvariant()).Append("\">")
            .Append(Text(outcome)).Append("</p></header><p class=headline>").Append(Text(state.Headline)).Append("</p>");
    }

    private static void Clock(StringBuilder page, RunState state)
    {
        var clock = state.Clock;
        var took = clock.ProvenAt - clock.TriggeredAt;
        page.Append("<section class=tiles>");
        Tile(page, "Noticed", Time(clock.TriggeredAt), "");
        Tile(page, "Proven healthy", clock.ProvenAt is { } at ? Time(at) : "not proven", "");
        Tile(page, "Recovery time", took is { } t ? Span(t) : "open", clock.Target is { } target ? $"objective {Span(target)}" : "no objective");
        Tile(page, "Waiting for people", Span(clock.AtGates), $"paused or parked {Span(clock.Paused)}");
        page.Append("</section>");
        if (took is { } spent && clock.Target is { Ticks: > 0 } goal)
        {
            var share = Math.Min(100, 100.0 * spent.Ticks / goal.Ticks);
            page.Append("<div class=\"bar ").Append(spent <= goal ? "met" : "missed").Append("\"><i style=\"width:")
                .Append(share.ToString("0.#", CultureInfo.InvariantCulture)).Append("%\"></i><span>").Append(spent <= goal ? "objective met" : "objective missed").Append("</span></div>");
        }
    }

    private static void Plan(StringBuilder page, RunState state)
    {
        if (state.Plan is not { } plan)
        {
            return;
        }

        page.Append("<section><h2>Plan ").Append(plan.Number.ToString(CultureInfo.InvariantCulture)).Append("</h2><p class=mono>").Append(Text(plan.Digest)).Append("</p>");
        Items(page, "Bounds that an approval accepts", plan.Bounds);
        Items(page, "Risks", plan.Risks);
        page.Append("</section>");
    }

    private static void Gates(StringBuilder page, RunState state)
    {
        if (state.Gates.Count == 0)
        {
            return;
        }

        page.Append("<section><h2>Gates</h2><table><tr><th>Gate<th>Question<th>Answer</tr>");
        foreach (var gate in state.Gates)
        {
            var answer = gate.DeniedBy is { } denied ? $"denied by {denied} (claimed)"
                : gate.Approvals.Count > 0 ? $"approved by {string.Join(", ", gate.Approvals)} (claimed); {gate.Approvals.Count} of {gate.Required}"
                : gate.Passed ? "passed" : $"open: 0 of {gate.Required}";
            page.Append("<tr><td>").Append(Text(gate.Name)).Append("<td>").Append(Text(gate.Question)).Append("<td>").Append(Text(answer)).Append("</tr>");
        }

        page.Append("</table></section>");
    }

    private static void Steps(StringBuilder page, RunState state)
    {
        page.Append("<section><h2>Steps</h2><ol class=steps>");
        foreach (var step in state.Steps)
        {
            page.Append("<li class=").Append(step.Status.ToString().ToLowerInvariant()).Append("><b>").Append(Text(step.Number)).Append("</b><div><p>")
                .Append(Text(step.Title)).Append(" <em>").Append(Text(step.Status.ToString())).Append("</em></p><p class=quiet>");
            if (step.StartedAt is { } from)
            {
                page.Append(Time(from)).Append(step.EndedAt is { } to ? $" · {Span(to - from)}" : "");
            }

            page.Append(step.Changes.Length > 0 ? $" · changes {Text(step.Changes)}" : "").Append(step.Detail is { } d ? $"<br>{Text(d)}" : "")
                .Append(step.Error is { } e ? $"<br><span class=error>{Text(e)}</span>" : "").Append("</p></div></li>");
        }

        page.Append("</ol></section>");
    }

    private static void Facts(StringBuilder page, RunState state)
    {
        page.Append("<section><h2>Facts</h2><table><tr><th>Fact<th>Observed<th>At</tr>");
        foreach (var fact in state.Facts)
        {
            page.Append("<tr><td>").Append(Text(fact.Name)).Append("<td>").Append(Text(fact.Value)).Append("<td class=quiet>").Append(Time(fact.ObservedAt)).Append("</tr>");
        }

        page.Append("</table></section>");
    }

    private static void Journal(StringBuilder page, RunState state)
    {
        page.Append("<section><h2>Journal</h2><table><tr><th>At<th>Who<th>What</tr>");
        foreach (var entry in state.Journal)
        {
            page.Append("<tr><td class=quiet>").Append(Time(entry.At)).Append("<td>").Append(Text(entry.Actor)).Append(entry.Actor == "flow" ? "" : " (claimed)")
                .Append("<td><span class=mono>").Append(Text(entry.Event)).Append("</span> ").Append(Text(entry.Text)).Append("</tr>");
        }

        page.Append("</table></section>");
    }

    private static void List(StringBuilder page, string title, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            page.Append("<section class=missing><h2>").Append(Text(title)).Append("</h2>");
            Items(page, null, items);
            page.Append("</section>");
        }
    }

    private static void Items(StringBuilder page, string? title, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            page.Append(title is null ? "" : $"<h3>{Text(title)}</h3>").Append("<ul>").AppendJoin("", items.Select(item => $"<li>{Text(item)}")).Append("</ul>");
        }
    }

    private static void Tile(StringBuilder page, string name, string value, string note) =>
        page.Append("<div><p class=quiet>").Append(name).Append("</p><p class=big>").Append(Text(value)).Append("</p><p class=quiet>").Append(Text(note)).Append("</p></div>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min")
        : span.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds:00} s") : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}
