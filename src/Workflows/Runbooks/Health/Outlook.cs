using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>A node as several vantage points see it, and what follows where they do not see the same.</summary>
/// <param name="Control">What a control worker sees.</param>
/// <param name="Vantages">What the workers of other nodes see.</param>
/// <param name="Host">What its own host sees; null where it was not asked.</param>
public sealed record Outlook(HealthReport Control, IReadOnlyList<View> Vantages, View? Host)
{
    private IReadOnlyList<View> Outside => [new("a control worker", Control), .. Vantages];

    /// <summary>Those that could look at all.</summary>
    private View[] Looked => [.. Outside.Where(view => view.Report is not null)];

    /// <summary>
    /// Why it is a cut network and no failure of the node; null where nothing says so. It is alive where somebody gets an answer: another vantage point
    /// while the control workers get none, its own host while nobody outside does, or the control workers while most others get none.
    /// </summary>
    public string? Cut
    {
        get
        {
            var silent = Looked.Where(view => view.Silent).ToArray();
            if (silent.Length == 0)
            {
                return null;
            }

            var answered = Looked.FirstOrDefault(view => view.Report!.Health == Health.Healthy);
            return Control.Health == Health.Healthy && silent.Length * 2 <= Looked.Length ? null
                : answered is not null ? $"{answered.From} sees it healthy, {Names(silent)} get{(silent.Length == 1 ? "s" : "")} no answer"
                : silent.Length == Looked.Length && Host is { Report: not null, Silent: false } ? $"it answers on its own host, and nobody outside gets an answer ({Names(silent)})"
                : null;
        }
    }

    /// <summary>All views in a line.</summary>
    public string Text => string.Join("; ", Outside.Concat(Host is null ? [] : [Host]).Select(view => view.Text));

    /// <summary>What people should know where they disagree or could not look; null where they all see the same.</summary>
    public string? Disagreement
    {
        get
        {
            var verdicts = Outside.Select(view => view.Report?.Health).Distinct().Count();
            return verdicts > 1 ? "seen differently: " + Text : null;
        }
    }

    private static string Names(IEnumerable<View> views) => string.Join(", ", views.Select(view => view.From));
}
