using System.CommandLine;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>report</c>: everything about a run, open or closed.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id (virtengine-dr status --all)." };
        var json = new Option<bool>("--json") { Description = "As JSON (the same as --output json)." };
        var command = new Command("report", "Everything about a run: plan, approvals, steps, journal, clock.") { run, json };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = parsed.GetRequiredValue(run);
            var state = await WatchRuns.ReadAnywayAsync(runs, id, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json) || session.Settings.Json)
            {
                session.Json(state);
                return ExitCodes.Ok;
            }

            foreach (var line in RunText.Lines(state, DateTimeOffset.UtcNow, journal: int.MaxValue))
            {
                session.Line(line);
            }

            return ExitCodes.Ok;
        });
    }
}
