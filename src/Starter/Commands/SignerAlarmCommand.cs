using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Signers;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>signer alarm show|clear</c>: what stopped a signer, on its own host. Needs no server.</summary>
internal static class SignerAlarmCommand
{
    public static Command Create(CommandContext context) => new("alarm", "The alarm of a signer: another process signed with its key, so it was stopped and its gate starts nothing.") { Show(context), Clear(context) };

    private static Command Show(CommandContext context)
    {
        var (chain, address) = (SignerCommand.Chain(), SignerCommand.Address());
        return context.Bind(new Command("show", "The alarm that stands here, and those that were cleared. Changes nothing.") { chain, address }, (session, parsed, _) =>
        {
            var book = Read(File(session, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address)));
            if (session.Settings.Json)
            {
                session.Json(book);
            }
            else
            {
                session.Line(book.Current is { } alarm ? $"ALARM since {alarm.At:u}; {(alarm.StopProblem is { } problem ? "NOT stopped: " + problem : alarm.StoppedAt is { } at ? $"stopped {at:u}" : "not stopped yet")}; {(alarm.Paged ? "people were told" : "nobody was told yet")}" : "no alarm stands here");
                (book.Current?.Reasons ?? []).Select(reason => "  - " + reason.Text).ToList().ForEach(session.Line);
                book.Cleared.Select(one => $"cleared {one.ClearedAt:u} by {string.Join(" and ", one.ClearedBy)} ({one.ClearedReason}): {string.Join("; ", one.Reasons.Select(reason => reason.Text))}").ToList().ForEach(session.Line);
            }

            return Task.FromResult(book.Current is null ? ExitCodes.Ok : ExitCodes.Refused);
        });
    }

    private static Command Clear(CommandContext context)
    {
        var (chain, address) = (SignerCommand.Chain(), SignerCommand.Address());
        var approvedBy = new Option<string[]>("--approved-by") { HelpName = "NAME", Description = "Who says that the other process is ended; twice, two people.", AllowMultipleArgumentsPerToken = false };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "What was found out: where did the other votes come from, and how was that ended?", Required = true };
        var command = new Command("clear", "Clear the alarm: the gate decides again. Starts nothing.") { chain, address, approvedBy, reason };
        return context.Bind(command, (session, parsed, _) =>
        {
            var file = File(session, parsed.GetRequiredValue(chain), parsed.GetRequiredValue(address));
            string[] people = [.. (parsed.GetValue(approvedBy) ?? []).Select(one => one.Trim())];
            var decision = AlarmRules.MayClear(Read(file).Current, people, parsed.GetRequiredValue(reason));
            if (!decision.Allowed)
            {
                decision.Missing.ToList().ForEach(missing => session.Say("refused: " + missing));
                return Task.FromResult(ExitCodes.Refused);
            }

            file.Clear(people, parsed.GetRequiredValue(reason), DateTimeOffset.UtcNow);
            session.Line($"cleared by {string.Join(" and ", people)}. Nothing was started: the gate decides at the next start (virtengine-dr signer status).");
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static AlarmFile File(CliSession session, string chain, string address)
    {
        var signer = new SignerName(chain, address.ToUpperInvariant());
        return signer.Problems() is { Count: > 0 } problems ? throw new CliException(ErrorTypes.InvalidInput, string.Join("; ", problems)) : new AlarmFile(SignerSetup.PathsOf(session.Io, signer).Alarm);
    }

    private static AlarmBook Read(AlarmFile file)
    {
        try
        {
            return file.Read();
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ErrorTypes.Conflict, e.Message, e);
        }
    }
}
