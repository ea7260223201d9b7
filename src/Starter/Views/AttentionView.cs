using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>What needs a person: an open gate with its plan, a parked step, an unwinding plan.</summary>
internal static class AttentionView
{
    /// <summary>None when nobody is needed.</summary>
    public static IEnumerable<IRenderable> Panels(RunState state)
    {
        foreach (var gate in state.Gates.Where(gate => gate.Open))
        {
            yield return Gate(state, gate);
        }

        if (state.Phase == RunPhase.Parked && state.Steps.FirstOrDefault(step => step.Status == StepStatus.Failed) is { } failed)
        {
            yield return Box(
                $"step {failed.Number} {failed.Title} failed", "red",
                [failed.Error?.EscapeMarkup() ?? "", $"[bold]{VerbCommands.Of(state, Verbs.Retry).EscapeMarkup()}[/]"]);
        }

        if (state.Unwinding is { } plan && state.Phase == RunPhase.Unwinding)
        {
            yield return Box(
                "unwinding", "magenta",
                [
                    .. plan.Bounds.Select(bound => "undo   " + bound.EscapeMarkup()),
                    .. plan.Risks.Select(risk => "[red]risk[/]   " + risk.EscapeMarkup()),
                    "digest " + VerbCommands.Short(plan.Digest),
                ]);
        }
    }

    /// <summary>The question, what an approval accepts, what people should know, and what to type.</summary>
    public static Panel Gate(RunState state, GateState gate)
    {
        var plan = state.Plan;
        var lines = new List<string> { $"[bold]{gate.Question.EscapeMarkup()}[/]" };
        lines.AddRange((plan?.Bounds ?? []).Select(bound => "[green]accepts[/] " + bound.EscapeMarkup()));
        lines.AddRange((plan?.Risks ?? []).Select(risk => "[red]risk[/]    " + risk.EscapeMarkup()));
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]{gate.Approvals.Count} of {gate.Required} approvals{(gate.Approvals.Count > 0 ? ": " + string.Join(", ", gate.Approvals) : "")}{Deadline(gate)}[/]")
            .Replace("[grey][/]", "", StringComparison.Ordinal));
        lines.Add($"[grey]plan {plan?.Number ?? 0} · digest[/] [bold]{(plan is null ? "" : VerbCommands.Short(plan.Digest))}[/]");
        lines.Add($"[bold]{VerbCommands.Of(state, Verbs.Approve).EscapeMarkup()}[/]");
        return Box($"approval {gate.Name}", "yellow", lines);
    }

    private static string Deadline(GateState gate) =>
        gate.Deadline is { } at ? $"; at {Durations.Clock(at)} UTC: {gate.OnTimeout}" : "";

    private static Panel Box(string title, string color, IReadOnlyList<string> lines) =>
        new(new Rows(lines.Where(line => line.Length > 0).Select(line => new Markup(line))))
        {
            Header = new PanelHeader($" [{color} bold]{title.EscapeMarkup()}[/] "),
            Border = BoxBorder.Rounded,
            BorderStyle = Style.Parse(color),
            Expand = true,
        };
}
