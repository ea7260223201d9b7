using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>A sign, a word and a colour for each status of a step; the word stands wherever colours and signs are not to be relied on.</summary>
internal static class StepGlyphs
{
    public static (string Glyph, string Word, string Style) Of(StepStatus status) => status switch
    {
        StepStatus.Waiting => ("·", "waiting", "grey"),
        StepStatus.Running => ("▶", "running", "deepskyblue1"),
        StepStatus.Done => ("✓", "done", "green"),
        StepStatus.AlreadySo => ("=", "already so", "green"),
        StepStatus.Failed => ("✗", "FAILED", "red bold"),
        StepStatus.Skipped => ("»", "skipped", "yellow"),
        StepStatus.Undoing => ("◀", "undoing", "magenta"),
        StepStatus.Undone => ("↺", "undone", "magenta"),
        StepStatus.Kept => ("■", "kept", "yellow"),
        StepStatus.LeftOut => ("–", "left out", "grey"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A step status without a sign."),
    };
}
