namespace VirtEngine.DR.Estates.Reading;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>"Did you mean …?" for a near miss; null where nothing is near.</summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        var limit = Math.Max(1, written.Length / 3);
        var best = known
            .Select(k => (Word: k, Distance: IsPart(Plain(written), Plain(k)) ? 1 : Distance(Plain(written), Plain(k))))
            .Where(k => k.Distance <= limit)
            .OrderBy(k => k.Distance)
            .ThenBy(k => k.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Word is null ? null : $"Did you mean '{best.Word}'?";
    }

    /// <summary>snake_case, kebab-case and camelCase of one word are the same word.</summary>
    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>One word is the beginning of the other, as in full and fullnode.</summary>
    private static bool IsPart(string a, string b) =>
        Math.Min(a.Length, b.Length) > 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
