using System.CommandLine;
using VirtEngine.DR.Starter.Schedules;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>schedules apply|list</c>: the estate's schedules on the server.</summary>
internal static class SchedulesCommand
{
    public static Command Create(CommandContext context, string name = "schedules")
    {
        var remove = new Option<bool>("--remove") { Description = "Delete schedules of ours that the estate does not have." };
        var apply = new Command("apply", "Bring the server's schedules in line with the estate. Again: no change. A pause by a person stays.") { remove };
        var list = new Command("list", "Compare the server's schedules with the estate; change nothing.");
        context.Bind(apply, async (session, parsed, cancellationToken) =>
        {
            var estate = session.Estate().Estate;
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return Write(session, await new ScheduleBook(runs.Client).ApplyAsync(estate, parsed.GetValue(remove), cancellationToken).ConfigureAwait(false));
        });
        context.Bind(list, async (session, _, cancellationToken) =>
        {
            var estate = session.Estate().Estate;
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return Write(session, await new ScheduleBook(runs.Client).ListAsync(estate, cancellationToken).ConfigureAwait(false));
        });
        return new Command(name, "When backups, verifications and prunings run by themselves.") { apply, list };
    }

    private static int Write(CliSession session, IReadOnlyList<ScheduleReport> reports)
    {
        if (session.Settings.Json)
        {
            session.Json(reports);
            return ExitCodes.Ok;
        }

        foreach (var report in reports)
        {
            var next = report.Next.Count > 0 ? "next " + Durations.Stamp(report.Next[0]) : "";
            session.Line($"{report.Workflow,-20} {report.Cron ?? "-",-14} {(report.Paused ? report.State + ", PAUSED" : report.State),-18} {next}".TrimEnd());
            if (report.Missed > 0)
            {
                session.Line($"{"",-20} {report.Missed} runs were missed: no server answered within the catch-up time");
            }
        }

        if (reports.Count == 0)
        {
            session.Line("The estate has no schedules.");
        }

        return ExitCodes.Ok;
    }
}
