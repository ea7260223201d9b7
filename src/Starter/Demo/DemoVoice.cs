using Spectre.Console;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>Tells the story: headings and remarks, with the time since the start.</summary>
internal sealed class DemoVoice(CliSession session, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private int act;

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>A new act.</summary>
    public void Act(string title)
    {
        act++;
        if (session.Settings.Json)
        {
            return;
        }

        if (session.Interactive)
        {
            session.Ansi.WriteLine();
            session.Ansi.Write(new Rule($"[bold]{act}[/] {title.EscapeMarkup()} [grey]({Durations.Text(Elapsed)})[/]") { Justification = Justify.Left, Style = Style.Parse("deepskyblue1") });
        }
        else
        {
            session.Line();
            session.Line($"{act}. {title} ({Durations.Text(Elapsed)})");
        }
    }

    /// <summary>A remark.</summary>
    public void Say(string text)
    {
        if (!session.Settings.Json)
        {
            session.Line("   " + text);
        }
    }
}
