using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Views;

/// <summary>Writes one run in the way that was asked for.</summary>
internal static class RunOutput
{
    public static void Write(CliSession session, RunState state)
    {
        if (session.Settings.Json)
        {
            session.Json(state);
        }
        else if (session.Interactive)
        {
            session.Ansi.Write(RunView.Render(state, DateTimeOffset.UtcNow, session.Ansi.Profile.Width, session.Ansi.Profile.Height));
        }
        else
        {
            foreach (var line in RunText.Lines(state, DateTimeOffset.UtcNow))
            {
                session.Line(line);
            }
        }
    }
}
