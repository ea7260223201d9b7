using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Activities.Evidence.Incidents;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Incidents;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>report</c>: everything about a run, open or closed.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id (virtengine-dr status --all)." };
        var html = new Option<string?>("--html") { HelpName = "FILE", Description = "Write a page for people that needs nothing else." };
        var incident = new Option<bool>("--incident") { Description = "The incident document: Markdown, or with --json as JSON." };
        var json = new Option<bool>("--json") { Description = "As JSON (the same as --output json)." };
        var command = new Command("report", "Everything about a run: plan, approvals, steps, journal, clock.") { run, html, incident, json };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var id = parsed.GetRequiredValue(run);
            var state = await WatchRuns.ReadAnywayAsync(runs, id, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(html) is { } file)
            {
                var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, DrDataConverter.JsonOptions)));
                await File.WriteAllTextAsync(file, EvidencePage.Render(state, digest, keyId: null), cancellationToken).ConfigureAwait(false);
                session.Say($"written: {Path.GetFullPath(file)}");
                return ExitCodes.Ok;
            }

            if (parsed.GetValue(incident))
            {
                return await IncidentAsync(session, runs, state, parsed.GetValue(json) || session.Settings.Json, cancellationToken).ConfigureAwait(false);
            }

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

    /// <summary>As the evidence has it, but with what was done since.</summary>
    private static async Task<int> IncidentAsync(CliSession session, RunClient runs, RunState state, bool json, CancellationToken cancellationToken)
    {
        if (!IncidentReader.Applies(state))
        {
            throw new CliException(ErrorTypes.NotFound, $"'{state.WorkflowId}' belongs to no incident: it {(state.Mode == RunMode.DryRun ? "is a dry run" : "has no class")}.");
        }

        var owed = state.Aftermath.Count == 0 ? null : await new AftermathClient(runs.Client).TryFindAsync(state.WorkflowId, cancellationToken).ConfigureAwait(false);
        var record = IncidentReader.Read(owed?.State is { } now ? state with { Aftermath = now.Tasks } : state, stateDigest: null);
        if (json)
        {
            session.Json(record);
        }
        else
        {
            session.Io.Out.Write(IncidentDocument.Render(record));
        }

        return ExitCodes.Ok;
    }
}
