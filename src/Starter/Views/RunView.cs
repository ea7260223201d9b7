using Spectre.Console;
using Spectre.Console.Rendering;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>A run as it is drawn in a terminal of 80 columns or more.</summary>
internal static class RunView
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

    /// <summary>Draws the run.</summary>
    /// <param name="state">The run.</param>
    /// <param name="now">For the clock and running steps.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows that it should fit in; the journal is cut for it.</param>
    public static IRenderable Render(RunState state, DateTimeOffset now, int width, int height)
    {
        var parts = new List<IRenderable> { Header(state, now, width), Steps(state, now) };
        parts.AddRange(AttentionView.Panels(state));
        var used = 7 + state.Steps.Count + state.Steps.Count(step => step.Error is not null)
            + (parts.Count > 2 ? 6 + (state.Plan?.Bounds.Count ?? 0) + (state.Plan?.Risks.Count ?? 0) : 0) + state.Allowed.Count + state.Missing.Count;
        var room = Math.Clamp(height - used - 2, 3, 12);
        if (state.Missing.Count > 0)
        {
            parts.Add(new Rows(state.Missing.Select(missing => new Markup($"[yellow]missing[/]  {missing.EscapeMarkup()}"))));
        }

        if (state.Journal.Count > 0)
        {
            parts.Add(Journal(state, room, width));
        }

        if (state.Allowed.Count > 0)
        {
            parts.Add(Allowed(state, width));
        }

        return new Rows(parts);
    }

    private static Panel Header(RunState state, DateTimeOffset now, int width)
    {
        var facts = new[]
        {
            state.Target, state.Region, state.IncidentClass is { } c ? "class " + c : null,
            state.Operator.Length > 0 ? "by " + state.Operator : null,
        };
        var style = Words.Style(state);
        var lines = new List<IRenderable>
        {
            new Markup($"[bold]{string.Join(" · ", facts.Where(fact => fact is not null)).EscapeMarkup()}[/]"),
            new Markup($"[grey]{state.WorkflowId.EscapeMarkup()}[/]"),
            new Markup($"[{style} bold]{Words.Title(state).EscapeMarkup()}[/]  {state.Headline.EscapeMarkup()}"),
            Clock(state.Clock, now, width),
        };
        var mode = state.Mode == RunMode.Live ? "[red bold]LIVE[/]" : $"[aqua]{Words.Mode(state.Mode)}[/]";
        return new Panel(new Rows(lines))
        {
            Header = new PanelHeader($" [bold]{state.Runbook.EscapeMarkup()}[/] {state.Title.EscapeMarkup()} · {mode} "),
            Border = BoxBorder.Rounded,
            BorderStyle = Style.Parse(style.Replace(" bold", "", StringComparison.Ordinal)),
            Expand = true,
        };
    }

    private static Markup Clock(ClockState clock, DateTimeOffset now, int width)
    {
        var text = ClockText.Line(clock, now).EscapeMarkup();
        if (ClockText.Share(clock, now) is not { } share)
        {
            return new Markup($"clock {text}");
        }

        var cells = width >= 100 ? 24 : 14;
        var full = (int)Math.Clamp(Math.Round(share * cells), 0, cells);
        var color = share > 1 ? "red" : share > 0.6 ? "yellow" : "green";
        return new Markup($"RTO [{color}]{new string('█', full)}[/][grey]{new string('░', cells - full)}[/] {text}");
    }

    private static Grid Steps(RunState state, DateTimeOffset now)
    {
        var grid = new Grid { Expand = true };
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(1).PadRight(1).Width(1));
        grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(1).Width(3));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(1));
        grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(1).Width(11));
        foreach (var step in state.Steps)
        {
            var (glyph, word, style) = StepGlyphs.Of(step.Status);
            var sign = step.Status is StepStatus.Running or StepStatus.Undoing ? Frame(now) : glyph;
            var name = WithoutParameters(step.Title).EscapeMarkup();
            var title = step.Status is StepStatus.Waiting or StepStatus.LeftOut ? $"[grey]{name}[/]" : name;
            var detail = step.Detail is { Length: > 0 } text ? $" [grey]{Cut(text, 110).EscapeMarkup()}[/]" : "";
            // The panel of a parked run shows the error with what to do about it; once is enough.
            var error = step.Error is { } wrong && state.Phase != RunPhase.Parked ? $"\n[red]{wrong.EscapeMarkup()}[/]" : "";
            var took = step.StartedAt is { } start ? Durations.Text((step.EndedAt ?? now) - start)
                : step.Status == StepStatus.Waiting ? "" : word;
            grid.AddRow(
                new Markup($"[{style}]{sign}[/]"), new Markup($"[grey]{step.Number.EscapeMarkup()}[/]"), new Markup(title + detail + error),
                new Markup($"[grey]{took.EscapeMarkup()}[/]"));
        }

        return grid;
    }

    private static Rows Journal(RunState state, int room, int width) => new(
        state.Journal.TakeLast(room).Select(entry =>
        {
            var actor = entry.Actor == "flow" ? "" : entry.Actor + " ";
            var text = Cut(entry.Text, width - 10 - actor.Length);
            return (IRenderable)new Markup($" [grey]{Durations.Clock(entry.At)}[/] [aqua]{actor.EscapeMarkup()}[/]{text.EscapeMarkup()}");
        }).Prepend(Heading("journal (UTC)")));

    private static Rows Allowed(RunState state, int width) => new(
        state.Allowed.Select(verb => (IRenderable)new Markup(
            $" [bold]{verb.Verb.EscapeMarkup(),-12}[/] [grey]{Cut(verb.Effect, width - 14).EscapeMarkup()}[/]"))
        .Prepend(new Markup($"[grey] virtengine-dr[/] VERB [grey]{state.WorkflowId.EscapeMarkup()}[/]"))
        .Prepend(Heading("you can type")));

    private static Rule Heading(string text) => new($"[grey]{text}[/]") { Justification = Justify.Left, Style = Style.Parse("grey") };

    /// <summary>One line; what is cut off stands in the report.</summary>
    private static string Cut(string text, int width)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= width ? line : line[..Math.Max(0, width - 1)] + "…";
    }

    /// <summary>A rendered parameter list such as " (backup=…, manifest=…)" is for the plan, not for a table.</summary>
    private static string WithoutParameters(string title)
    {
        var open = title.LastIndexOf(" (", StringComparison.Ordinal);
        return open > 0 && title.EndsWith(')') && title.IndexOf('=', open) > 0 ? title[..open] : title;
    }

    private static string Frame(DateTimeOffset now) => Spinner[(int)(now.ToUnixTimeMilliseconds() / 100 % Spinner.Length)].ToString();
}
