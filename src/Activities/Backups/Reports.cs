using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Makes reports of rungs; one that failed is an untrusted backup, not a lower rung.</summary>
internal static class Reports
{
    /// <summary>The report of the rungs that were climbed.</summary>
    public static VerificationReport Of(BackupRef backup, string region, IReadOnlyList<RungRecord> records, int wanted)
    {
        if (records.FirstOrDefault(record => !record.Passed) is { } failed)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"backup {backup.Id} fails rung {(int)failed.Rung} in {region}: {string.Join("; ", failed.Problems)}");
        }

        var reached = records.Count == 0 ? 0 : (int)records.Max(record => record.Rung);
        if (reached < wanted)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"backup {backup.Id} reached rung {reached} of {wanted} in {region}");
        }

        return new VerificationReport(
            backup, region, reached, records[^1].At, null,
            [.. records.SelectMany(record => record.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"rung {(int)record.Rung}: {fact.Key} {fact.Value}"))]);
    }
}
