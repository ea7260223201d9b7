using Spectre.Console;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Views;

/// <summary>The list of runs.</summary>
internal static class RunTable
{
    public static void Write(CliSession session, IReadOnlyList<RunSummary> runs, DateTimeOffset now)
    {
        if (runs.Count == 0)
        {
            session.Line("No run is open. Closed ones: virtengine-dr status --all");
            return;
        }

        if (!session.Interactive)
        {
            foreach (var run in runs)
            {
                session.Line($"{run.Run}  {Phase(run)}  {run.Mode ?? "-"}  {run.Target ?? "-"}  started {Durations.Stamp(run.StartedAt)}");
            }

            return;
        }

        var table = new Table { Border = TableBorder.Simple, Expand = true };
        table.AddColumns("run", "phase", "mode", "age");
        foreach (var run in runs)
        {
            table.AddRow(
                new Markup($"[bold]{run.Run.EscapeMarkup()}[/]"), new Markup($"[{Color(run)}]{Phase(run).EscapeMarkup()}[/]"),
                new Markup((run.Mode ?? "").EscapeMarkup()), new Markup(Durations.Text((run.ClosedAt ?? now) - run.StartedAt)));
        }

        session.Ansi.Write(table);
    }

    private static string Phase(RunSummary run) => run.Outcome is { } outcome ? outcome
        : run.Status == "Running" ? run.Phase ?? "running"
        : run.Status;

    private static string Color(RunSummary run) => (run.Status, run.Phase) switch
    {
        ("Running", "Parked" or "parked") => "red",
        ("Running", "AwaitingApproval" or "awaitingApproval" or "Paused" or "paused") => "yellow",
        ("Running", _) => "deepskyblue1",
        ("Completed", _) => "green",
        _ => "red",
    };
}
