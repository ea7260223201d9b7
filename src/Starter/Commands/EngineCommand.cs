using System.CommandLine;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Starter.Engine;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>engine serve|backup|check|export</c>: the embedded engine and its file.</summary>
internal static class EngineCommand
{
    public static Command Create(CommandContext context) =>
        new("engine", "The embedded engine of this machine: runs kept in one file, without a server.") { Serve(context), Backup(context), Check(context), Export(context) };

    private static Command Serve(CommandContext context)
    {
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "On 127.0.0.1; 0 takes the former one, else any free one." };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port must be 0 to 65535.");
            }
        });
        return context.Bind(new Command("serve", "Run the engine without a worker until it is asked to end.") { port }, async (session, parsed, cancellationToken) =>
        {
            await using var engine = await EngineHost.StartAsync(EngineFolder.Of(session.Io.Environment), parsed.GetValue(port), cancellationToken).ConfigureAwait(false);
            session.Say($"server: {engine.Address.Describe()}");
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(() => ended.TrySetResult());
            await ended.Task.ConfigureAwait(false);
            return ExitCodes.Ok;
        });
    }

    private static Command Backup(CommandContext context)
    {
        var to = new Option<string>("--to") { HelpName = "FILE", Description = "A new file; it appears when it is complete and was checked.", Required = true };
        return context.Bind(new Command("backup", "Copy the engine's file while it runs.") { to }, (session, parsed, _) => Task.FromResult(Guarded(() =>
        {
            var (file, target) = (EngineFolder.Of(session.Io.Environment).DataFile, Path.GetFullPath(parsed.GetRequiredValue(to)));
            EngineFile.Backup(file, target);
            var bytes = new FileInfo(target).Length;
            Result(session, new { file, target, bytes }, $"{target}: {bytes} bytes, checked");
            return ExitCodes.Ok;
        })));
    }

    private static Command Check(CommandContext context)
    {
        var file = new Argument<string?>("FILE") { Description = "The file (default: this machine's).", Arity = ArgumentArity.ZeroOrOne };
        return context.Bind(new Command("check", "Read the whole file and compare what belongs together. Changes nothing.") { file }, (session, parsed, _) => Task.FromResult(Guarded(() =>
        {
            var path = parsed.GetValue(file) ?? EngineFolder.Of(session.Io.Environment).DataFile;
            var findings = EngineFile.Check(path);
            Result(session, new { file = path, findings }, findings.Count == 0 ? $"{path}: whole" : string.Join(Environment.NewLine, findings));
            return findings.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        })));
    }

    private static Command Export(CommandContext context)
    {
        var to = new Option<string>("--to") { HelpName = "FOLDER", Description = "Gets one JSON file a run, as the temporal program writes histories.", Required = true };
        return context.Bind(new Command("export", "Write every run's history as JSON.") { to }, (session, parsed, _) => Task.FromResult(Guarded(() =>
        {
            var (file, folder) = (EngineFolder.Of(session.Io.Environment).DataFile, Path.GetFullPath(parsed.GetRequiredValue(to)));
            var runs = EngineFile.Export(file, folder);
            Result(session, new { file, folder, runs }, $"{runs} histories in {folder}");
            return ExitCodes.Ok;
        })));
    }

    private static int Guarded(Func<int> body)
    {
        try
        {
            return body();
        }
        catch (EngineFileException refused)
        {
            throw new CliException(ErrorTable.EngineFile, refused.Message, refused);
        }
    }

    private static void Result<T>(CliSession session, T json, string text)
    {
        if (session.Settings.Json)
        {
            session.Json(json);
        }
        else
        {
            session.Line(text);
        }
    }
}
