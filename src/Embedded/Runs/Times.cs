namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Times between the wire and the state.</summary>
internal static class Times
{
    public static TimeSpan Span(this Duration? duration) => duration?.ToTimeSpan() ?? TimeSpan.Zero;

    public static Duration Wire(this TimeSpan span) => Duration.FromTimeSpan(span);

    public static Timestamp Wire(this DateTime time) => Timestamp.FromDateTime(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    public static Timestamp? Wire(this DateTime? time) => time?.Wire();

    /// <summary>The earlier of two; null stands for never.</summary>
    public static DateTime? Earlier(DateTime? a, DateTime? b) => a is null ? b : b is null ? a : a < b ? a : b;

    /// <summary>When something that began ends; never when the limit is zero.</summary>
    public static DateTime? After(this DateTime begin, TimeSpan limit) =>
        limit <= TimeSpan.Zero || DateTime.MaxValue - begin <= limit ? null : begin + limit;
}
