using System.Globalization;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Durations and sizes as people write them: a whole number and a unit, such as <c>500ms</c>, <c>4h</c>, <c>90d</c>, <c>50MiB</c>.</summary>
public static class Quantity
{
    /// <summary>What a duration looks like, for people.</summary>
    public const string DurationForm = "A whole number with a unit: ms, s, m, h, d or w, such as 500ms, 30s, 15m, 4h, 90d.";
    /// <summary>What a size looks like, for people.</summary>
    public const string SizeForm = "A whole number of bytes, or with a unit: KB, MB, GB, KiB, MiB, GiB, such as 50MiB; 0 means no limit.";

    private static readonly (string Unit, long Ticks)[] Durations =
    [
        ("w", TimeSpan.TicksPerDay * 7), ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("GiB", 1L << 30), ("GB", 1_000_000_000), ("MiB", 1L << 20), ("MB", 1_000_000), ("KiB", 1L << 10), ("KB", 1_000), ("B", 1), ("", 1),
    ];

    /// <summary>Reads a duration; false where it is none.</summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        var ok = Try(text, Durations, StringComparison.Ordinal, out var ticks);
        value = TimeSpan.FromTicks(ticks);
        return ok;
    }

    /// <summary>Reads a size in bytes; false where it is none.</summary>
    public static bool TrySize(string text, out long value) => Try(text, Sizes, StringComparison.OrdinalIgnoreCase, out value);

    /// <summary>The shortest exact form that <see cref="TryDuration"/> reads back.</summary>
    public static string Text(TimeSpan value)
    {
        var (unit, ticks) = Array.Find(Durations, d => d.Unit != "w" && value.Ticks % d.Ticks == 0 && value.Ticks >= d.Ticks) is { Unit: not null } found
            ? found
            : ("s", TimeSpan.TicksPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / ticks}{unit}");
    }

    /// <summary>The shortest exact form that <see cref="TrySize"/> reads back.</summary>
    public static string SizeText(long bytes)
    {
        var (unit, size) = bytes == 0 ? ("", 1) : Array.Find(Sizes, s => s.Unit != "B" && bytes % s.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    private static bool Try(string text, (string Unit, long Size)[] units, StringComparison comparison, out long value)
    {
        value = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var (number, unit) = digits < 0 ? (text, "") : (text[..digits], text[digits..].Trim());
        var match = Array.FindIndex(units, u => u.Unit.Equals(unit, comparison));
        if (match < 0 || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / units[match].Size)
        {
            return false;
        }

        value = count * units[match].Size;
        return true;
    }
}
