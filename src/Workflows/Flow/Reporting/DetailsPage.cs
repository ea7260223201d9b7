using System.Globalization;
using System.Text;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The run as a Markdown page for the Temporal UI: headline, clock, steps, what can be done.</summary>
public static class DetailsPage
{
    /// <summary>Renders the page.</summary>
    public static string Render(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var page = new StringBuilder();
        var practice = state.Mode == RunMode.Practice ? "[practice] " : "";
        Line(page, $"**{practice}{state.Runbook} {Cell(state.Title)}** · {state.Target} · {state.Phase}");
        Line(page, "");
        Line(page, Cell(state.Headline));
        Line(page, "");
        var target = state.Clock.Target is { } rto ? rto.ToString("c", CultureInfo.InvariantCulture) : "none";
        Line(page, $"Clock from {Time(state.Clock.TriggeredAt)}, objective {target}, proven {Time(state.Clock.ProvenAt)}.");
        if (state.Plan is { } plan)
        {
            Line(page, "");
            Line(page, $"Plan {plan.Number.ToString(CultureInfo.InvariantCulture)} `{plan.Digest[..8]}`: {Cell(string.Join("; ", plan.Bounds))}");
            Line(page, "");
            Line(page, "| # | step | status | detail |");
            Line(page, "|---|---|---|---|");
            foreach (var step in state.Steps)
            {
                Line(page, $"| {step.Number} | {practice}{Cell(step.Title)} | {step.Status} | {Cell(step.Error ?? step.Detail ?? "")} |");
            }
        }

        if (state.Allowed.Count > 0)
        {
            Line(page, "");
            Line(page, "Possible now: " + string.Join(", ", state.Allowed.Select(v => $"**{v.Verb}**")) + ".");
        }

        return page.ToString();
    }

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static string Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "not yet";
}
