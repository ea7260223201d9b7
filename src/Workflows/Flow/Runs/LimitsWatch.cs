using Temporalio.Workflows;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A run's history is finite. Past these marks the run says so and pages once: the rest is kept for verbs and undo.</summary>
public sealed class LimitsWatch(RunBoard board, Pager pager)
{
    /// <summary>Signals.</summary>
    public const int Signals = 2000;

    /// <summary>Updates.</summary>
    public const int Updates = 500;

    /// <summary>History events.</summary>
    public const int Events = 15000;

    private int signals;
    private int updates;

    /// <summary>Whether a mark is reached.</summary>
    public static bool Reached(int signals, int updates, int events) => signals >= Signals || updates >= Updates || events >= Events;

    /// <summary>Counts a message.</summary>
    public void Count(bool signal)
    {
        _ = signal ? signals++ : updates++;
        Check();
    }

    /// <summary>Looks at the marks.</summary>
    public void Check()
    {
        if (board.Quiet || !Reached(signals, updates, Workflow.CurrentHistoryLength))
        {
            return;
        }

        var text = FormattableString.Invariant(
            $"This run's history grows long ({signals} signals, {updates} updates, {Workflow.CurrentHistoryLength} events): ")
            + "alerts and escalation send nothing more, the rest is kept for verbs and undo.";
        board.Note(Journal.Flow, "limits", text);
        pager.Page("warning", text);
        board.Quiet = true;
        board.Escalation.Hush();
    }
}
