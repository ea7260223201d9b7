using Spectre.Console;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>What was proven, and where the report is.</summary>
internal static class DemoSummary
{
    public static void Write(CliSession session, DemoOptions options, DemoStory? story, bool proven, TimeSpan elapsed)
    {
        var report = DemoFolder.Report(options);
        if (session.Settings.Json)
        {
            session.Json(new
            {
                proven,
                seconds = Math.Round(elapsed.TotalSeconds, 1),
                proofs = story?.Proofs.All ?? [],
                run = story?.Restore?.WorkflowId,
                report,
            });
            return;
        }

        session.Line();
        foreach (var proof in story?.Proofs.All ?? [])
        {
            if (session.Interactive)
            {
                session.Ansi.MarkupLine($" {(proof.Holds ? "[green]✓[/]" : "[red bold]✗[/]")} {proof.What.EscapeMarkup()} [grey]{proof.Seen.EscapeMarkup()}[/]");
            }
            else
            {
                session.Line($" {(proof.Holds ? "proven    " : "NOT PROVEN")} {proof.What}: {proof.Seen}");
            }
        }

        session.Line();
        session.Line($" {(proven ? "All proven" : "NOT everything was proven")} in {Durations.Text(elapsed)}.");
        if (report is not null)
        {
            session.Line($" report: {report}");
        }
    }
}
