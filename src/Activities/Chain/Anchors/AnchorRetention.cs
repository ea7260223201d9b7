namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>Which anchors a bucket keeps: all of two days, then the first of each day for three weeks, which is longer than any light client may trust one.</summary>
internal static class AnchorRetention
{
    /// <summary>Kept whatever their age: a chain that stood for a month still has its last ones.</summary>
    public const int Newest = 24;

    private static readonly TimeSpan All = TimeSpan.FromDays(2);
    private static readonly TimeSpan Daily = TimeSpan.FromDays(21);

    /// <summary>The keys to delete.</summary>
    public static IReadOnlyList<string> Doomed(IEnumerable<string> keys, DateTimeOffset now)
    {
        var known = keys.Select(key => (Key: key, Parsed: AnchorFiles.Parse(key))).Where(one => one.Parsed is not null)
            .Select(one => (one.Key, one.Parsed!.Value.At)).OrderByDescending(one => one.At).ToArray();
        var kept = known.Take(Newest).Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        kept.UnionWith(known.Where(one => now - one.At <= All).Select(one => one.Key));
        kept.UnionWith(known.Where(one => now - one.At <= Daily).GroupBy(one => one.At.UtcDateTime.Date).Select(day => day.MinBy(one => one.At).Key));
        return [.. known.Select(one => one.Key).Where(key => !kept.Contains(key))];
    }
}
