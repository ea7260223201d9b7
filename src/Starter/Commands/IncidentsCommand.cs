using System.CommandLine;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Incidents;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>incidents …</c>: what people owe after runs (post-mortem, root cause, incident report), and that it is done.</summary>
internal static class IncidentsCommand
{
    public static Command Create(CommandContext context) =>
        new("incidents", "What people owe after runs: post-mortem, root cause, incident report.") { List(context), Show(context), Done(context) };

    private static Argument<string> Run() => new("RUN") { Description = "The run that it is owed after (virtengine-dr incidents list)." };

    private static Command List(CommandContext context)
    {
        var all = new Option<bool>("--all", "-a") { Description = "What was done too." };
        var command = new Command("list", "What is owed, the earliest deadline first. Needs no worker.") { all };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var list = await new AftermathClient(runs.Client).ListAsync(parsed.GetValue(all), cancellationToken).ConfigureAwait(false);
            if (session.Settings.Json)
            {
                session.Json(list);
                return ExitCodes.Ok;
            }

            foreach (var line in AftermathText.List(list, DateTimeOffset.UtcNow).DefaultIfEmpty("Nothing is owed. What was done: virtengine-dr incidents list --all"))
            {
                session.Line(line);
            }

            return ExitCodes.Ok;
        });
    }

    private static Command Show(CommandContext context)
    {
        var run = Run();
        var command = new Command("show", "What is owed after one run, who was reminded and who said what.") { run };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var client = new AftermathClient((await session.ConnectAsync(cancellationToken).ConfigureAwait(false)).Client);
            var found = await client.FindAsync(parsed.GetRequiredValue(run), cancellationToken).ConfigureAwait(false);
            try
            {
                Write(session, await client.StateAsync(found, cancellationToken).ConfigureAwait(false));
                return ExitCodes.Ok;
            }
            catch (Exception exception) when (found.State is not null && ErrorTable.Explain(exception) is { } explained)
            {
                Write(session, found.State);
                session.Write(explained with { Message = explained.Message + " Shown is what the server itself knows, without the journal." });
                return explained.ExitCode;
            }
        });
    }

    private static Command Done(CommandContext context)
    {
        var run = Run();
        var task = new Option<string?>("--task") { HelpName = "ID", Description = "The task; needed where several are open." };
        var where = new Option<string>("--where") { HelpName = "LINK", Required = true, Description = "Where it can be read: a link or a place." };
        var note = new Option<string?>("--note") { HelpName = "TEXT", Description = "What else there is to say." };
        var command = new Command("done", "Say that something which was owed is done. Stays possible after the deadline, and says so.") { run, task, where, note };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var client = new AftermathClient((await session.ConnectAsync(cancellationToken).ConfigureAwait(false)).Client);
            var found = await client.FindAsync(parsed.GetRequiredValue(run), cancellationToken).ConfigureAwait(false);
            var message = new DoneMessage
            {
                By = session.Settings.By,
                Task = parsed.GetValue(task),
                Where = parsed.GetRequiredValue(where),
                Note = parsed.GetValue(note),
            };
            var (reply, stored) = await client.DoneAsync(found, message, null, cancellationToken).ConfigureAwait(false);
            var (accepted, text, code) = reply is null
                ? ((bool?)null, $"Stored, not answered ({stored}). It is taken when a control worker is back; see then: virtengine-dr incidents show {parsed.GetRequiredValue(run)}", ExitCodes.Queued)
                : (reply.Accepted, reply.Message, reply.Accepted ? ExitCodes.Ok : ExitCodes.Refused);
            if (session.Settings.Json)
            {
                session.Json(new { accepted, message = text, state = reply?.State });
            }
            else
            {
                session.Line(accepted == false ? "refused: " + text : text);
            }

            return code;
        });
    }

    private static void Write(CliSession session, AftermathState state)
    {
        if (session.Settings.Json)
        {
            session.Json(state);
            return;
        }

        foreach (var line in AftermathText.Show(state, DateTimeOffset.UtcNow))
        {
            session.Line(line);
        }
    }
}
