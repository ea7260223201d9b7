using System.Globalization;
using System.Text.Json;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>Reads one field of a JSON answer by its path: names and, in lists, numbers, joined by dots.</summary>
internal static class JsonField
{
    /// <summary>The field's value as text; null where there is none.</summary>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    public static string? Read(ReadOnlyMemory<byte> body, string path)
    {
        using var document = JsonDocument.Parse(body);
        var at = document.RootElement;
        foreach (var part in path.Split('.'))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(part, out var member))
            {
                at = member;
            }
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => at.GetRawText(),
        };
    }

    /// <summary>A time as RFC 3339, or as seconds or milliseconds since 1970; null where it is none.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        const double Milliseconds = 1e11;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = Math.Abs(number) > Milliseconds ? number / 1000 : number;
            return seconds is > -6e10 and < 2.5e11 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
