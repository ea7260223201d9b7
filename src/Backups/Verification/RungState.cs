namespace VirtEngine.DR.Backups.Verification;

/// <summary>What records say about a backup.</summary>
public static class RungState
{
    /// <summary>The fourth rung passed in some region, and no rung recorded later failed there.</summary>
    public static bool IsProven(IEnumerable<RungRecord> records) => records
        .GroupBy(record => record.Region, StringComparer.Ordinal)
        .Any(region => region.Any(record => record.Rung == Rung.Proven && record.Passed
            && !region.Any(later => !later.Passed && later.At >= record.At)));

    /// <summary>The highest rung whose newest record passed.</summary>
    public static Rung? Highest(IEnumerable<RungRecord> records) => records
        .GroupBy(record => (record.Region, record.Rung))
        .Select(group => group.MaxBy(record => record.At)!)
        .Where(record => record.Passed)
        .Select(record => (Rung?)record.Rung)
        .Max();
}
