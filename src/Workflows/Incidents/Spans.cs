namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>Times as people read them in pages.</summary>
public static class Spans
{
    /// <summary>Such as "45 min", "12 h", "1 h 30 min", "3 d 04 h"; never negative.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => FormattableString.Invariant($"{(int)span.TotalMinutes} min"),
        { TotalHours: < 48, Minutes: 0 } => FormattableString.Invariant($"{(int)span.TotalHours} h"),
        { TotalHours: < 48 } => FormattableString.Invariant($"{(int)span.TotalHours} h {span.Minutes:00} min"),
        { Hours: 0 } => FormattableString.Invariant($"{(int)span.TotalDays} d"),
        _ => FormattableString.Invariant($"{(int)span.TotalDays} d {span.Hours:00} h"),
    };
}
