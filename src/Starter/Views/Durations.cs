using System.Globalization;

namespace VirtEngine.DR.Starter.Views;

/// <summary>Times and sizes as people read them.</summary>
internal static class Durations
{
    /// <summary>Such as "85 ms", "4.2 s", "3 min 05 s", "2 h 05 min", "3 d 04 h".</summary>
    public static string Text(TimeSpan time)
    {
        var t = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        var c = CultureInfo.InvariantCulture;
        return t.TotalSeconds switch
        {
            < 1 => string.Create(c, $"{t.TotalMilliseconds:0} ms"),
            < 9.95 => string.Create(c, $"{t.TotalSeconds:0.0} s"),
            < 60 => string.Create(c, $"{(int)t.TotalSeconds} s"),
            < 3600 => string.Create(c, $"{(int)t.TotalMinutes} min {t.Seconds:00} s"),
            < 86400 => string.Create(c, $"{(int)t.TotalHours} h {t.Minutes:00} min"),
            _ => string.Create(c, $"{(int)t.TotalDays} d {t.Hours:00} h"),
        };
    }

    /// <summary>An objective, without parts that are zero: "15 min", "2 h".</summary>
    public static string Goal(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0",
        { Days: > 0, Hours: 0, Minutes: 0, Seconds: 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d"),
        { Days: 0, Hours: > 0, Minutes: 0, Seconds: 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h"),
        { Days: 0, Hours: 0, Minutes: > 0, Seconds: 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min"),
        _ => Text(time),
    };

    /// <summary>Such as "812 B", "4.2 MB", "3.1 GB" (powers of 1000).</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        double value = bytes;
        for (; value >= 999.5 && unit < units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.5 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("0.0", CultureInfo.InvariantCulture))} {units[unit]}");
    }

    /// <summary>A time of day, UTC.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Date and time, UTC.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
