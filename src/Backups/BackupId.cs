using System.Globalization;
using System.Security.Cryptography;

namespace VirtEngine.DR.Backups;

/// <summary>A backup's name within its scope: the manifest key's last part without <c>.json</c>. Ordered by time, then height.</summary>
/// <param name="Height">The height that was known when the instant was taken; a lower bound.</param>
/// <param name="Utc">When, to the second.</param>
/// <param name="Random">16 hexadecimal digits.</param>
public sealed record BackupId(long Height, DateTimeOffset Utc, string Random) : IComparable<BackupId>
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>A fresh name.</summary>
    public static BackupId Create(long height, DateTimeOffset now)
    {
        var utc = now.ToUniversalTime();
        return new(height, new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero), RandomNumberGenerator.GetHexString(16, lowercase: true));
    }

    /// <summary>Reads a name; null when it is none.</summary>
    public static BackupId? TryParse(string text)
    {
        var parts = text.Split('-');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || !DateTimeOffset.TryParseExact(parts[1], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var utc)
            || parts[2].Length != 16
            || !parts[2].All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')))
        {
            return null;
        }

        var id = new BackupId(height, utc, parts[2]);
        return id.ToString() == text ? id : null;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="BackupException">The text is none.</exception>
    public static BackupId Parse(string text) => TryParse(text)
        ?? throw new BackupException(BackupErrorCodes.BackupMissing, $"'{text}' is no backup id; it looks like 1200-20260131T120000Z-0123456789abcdef");

    /// <inheritdoc />
    public int CompareTo(BackupId? other) => other is null
        ? 1
        : (Utc, Height).CompareTo((other.Utc, other.Height)) is var order and not 0 ? order : string.CompareOrdinal(Random, other.Random);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}-{Utc.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Random}");

    /// <summary>True when the left one is older.</summary>
    public static bool operator <(BackupId left, BackupId right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one is newer.</summary>
    public static bool operator >(BackupId left, BackupId right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one is not newer.</summary>
    public static bool operator <=(BackupId left, BackupId right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one is not older.</summary>
    public static bool operator >=(BackupId left, BackupId right) => left.CompareTo(right) >= 0;
}
