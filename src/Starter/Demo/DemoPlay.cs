using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>Sets the stage, plays the story, clears the stage whatever happened, and says what was proven.</summary>
internal static class DemoPlay
{
    public static async Task<int> RunAsync(CliSession session, DemoOptions options, CancellationToken cancellationToken)
    {
        var voice = new DemoVoice(session, TimeProvider.System);
        voice.Say($"Three regions in miniature, in {options.Folder}. Processes, files and buckets are real; nothing outside is touched.");
        var named = ServerChoice.Choose(session.Settings.Server, session.Io.Environment, new EstateServer(null, 0));
        DemoStory? story = null;
        ExplainedError? error = null;
        try
        {
            await using var stage = await DemoStage.BuildAsync(options, named, cancellationToken).ConfigureAwait(false);
            session.Say($"server: {stage.Server.Describe()}");
            using var rpc = new MiniRpc();
            story = new DemoStory(session, stage, options, voice, rpc);
            await story.PlayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException || ErrorTable.Explain(exception) is not null)
        {
            error = exception is OperationCanceledException
                ? new ExplainedError(ErrorTable.Interrupted, "Interrupted; everything that was started is ended.", "", ExitCodes.Interrupted)
                : ErrorTable.Explain(exception) ?? new ExplainedError("Deadline", exception.Message, $"Look into {options.Folder}/logs", ExitCodes.Failed);
        }

        var left = FolderProcesses.Find(options.Folder);
        story?.Proofs.Add("nothing is left running", left.Count == 0, left.Count == 0 ? "no process" : "processes " + string.Join(", ", left));
        var ok = error is null && story is { Proofs.Hold: true };
        DemoSummary.Write(session, options, story, ok, voice.Elapsed);
        if (ok)
        {
            DemoFolder.Tidy(options);
            return ExitCodes.Ok;
        }

        if (error is not null)
        {
            session.Write(error);
        }

        session.Say($"Everything is kept for a look: {options.Folder}");
        return error is { ExitCode: not ExitCodes.Ok } ? error.ExitCode : ExitCodes.Failed;
    }
}
