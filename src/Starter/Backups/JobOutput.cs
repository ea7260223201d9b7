using System.Globalization;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>Writes what backup workflows did; the exit code is part of it.</summary>
internal static class JobOutput
{
    public static int Write(CliSession session, BackupOutcome outcome)
    {
        var missing = outcome.Backups.SelectMany(backup => backup.MissingRegions.Select(why => $"{backup.Backup.Node}: {why}")).ToList();
        if (session.Settings.Json)
        {
            session.Json(outcome);
        }
        else
        {
            foreach (var backup in outcome.Backups)
            {
                session.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{backup.Backup.Node}: {backup.Backup.Id}  height {backup.Backup.Height}, {backup.Backup.Files} files, {Durations.Bytes(backup.Backup.Bytes)}, "
                    + $"{Durations.Bytes(backup.UploadedBytes)} uploaded, {backup.ReusedFiles} files reused; paused {Durations.Text(backup.Pause)} ({backup.Method})"));
                session.Line($"  in {string.Join(", ", backup.Regions)}");
            }

            Problems(session, missing.Select(why => "not replicated: " + why).Concat(outcome.Failures));
        }

        return Code(outcome.Backups.Count > 0, outcome.Failures.Count + missing.Count);
    }

    public static int Write(CliSession session, VerifyOutcome outcome)
    {
        if (session.Settings.Json)
        {
            session.Json(outcome);
        }
        else
        {
            foreach (var report in outcome.Verified)
            {
                session.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Backup.Node}: {report.Backup.Id} in {report.Region}: rung {report.Rung} ({Rungs.Word(report.Rung)}){(report.Height is { } height ? $", height {height}" : "")}"));
                foreach (var finding in report.Findings)
                {
                    session.Line("  " + finding);
                }
            }

            Problems(session, outcome.Failures);
        }

        // A backup that failed its verification is a failure however many others passed.
        return outcome.Failures.Count > 0 || outcome.Verified.Count == 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    public static int Write(CliSession session, PruneOutcome outcome)
    {
        if (session.Settings.Json)
        {
            session.Json(outcome);
            return ExitCodes.Ok;
        }

        foreach (var decision in outcome.Decisions)
        {
            session.Line($"{(decision.Keep ? "keep  " : "delete")} {decision.Region,-14} {decision.Backup}  {decision.Reason}");
        }

        session.Line(outcome.DryRun
            ? "Dry run: nothing was deleted. To do it: virtengine-dr backup prune --apply"
            : string.Create(CultureInfo.InvariantCulture, $"{outcome.DeletedObjects} objects deleted, {Durations.Bytes(outcome.FreedBytes)} freed."));
        return ExitCodes.Ok;
    }

    private static int Code(bool any, int problems) => problems == 0 && any ? ExitCodes.Ok : any ? ExitCodes.Partial : ExitCodes.Failed;

    private static void Problems(CliSession session, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            session.Line("FAILED " + problem);
        }
    }
}
