using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Views;

/// <summary>Writes what became of a verb.</summary>
internal static class VerbOutput
{
    /// <returns>The exit code.</returns>
    public static int Write(CliSession session, VerbResult result)
    {
        if (session.Settings.Json)
        {
            session.Json(result);
            return result.ExitCode;
        }

        var word = result.Accepted switch
        {
            true => "accepted",
            false => "REFUSED",
            null => "stored",
        };
        session.Line($"{result.Verb}: {word}. {result.Message}");
        if (result.State is { } state)
        {
            session.Line($"{state.WorkflowId} is {Words.Phase(state)}. {state.Headline}");
        }

        return result.ExitCode;
    }
}
