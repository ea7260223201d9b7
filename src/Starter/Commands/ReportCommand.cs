using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Contracts;
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
        var json = new Option<bool>("--json") { Description = "As JSON (the same as --output json)." };
        var command = new Command("report", "Everything about a run: plan, approvals, steps, journal, clock.") { run, html, json };
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
