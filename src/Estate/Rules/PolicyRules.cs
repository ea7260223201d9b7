using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates.Rules;

internal static class PolicyRules
{
    public static void Check(Estate estate, Problems problems)
    {
        if (estate.Approvals.OnTimeout == "escalate" && estate.Contacts.Count == 0)
        {
            problems.Add("approvals.onTimeout", "There is nobody to escalate to.", "Add 'contacts', or write hold or deny.");
        }

        if (estate.Evidence is { } evidence && evidence.StartsWith("s3://", StringComparison.Ordinal))
        {
            var buckets = estate.Regions.Select(r => r.Bucket?.Url).OfType<string>().Where(u => u.StartsWith("s3://", StringComparison.Ordinal)).ToList();
            if (!buckets.Exists(b => evidence.StartsWith(BucketOf(b) + "/", StringComparison.Ordinal)))
            {
                NodeRules.NotThere("evidence", evidence, "below one of the regions' buckets", [.. buckets.Select(b => BucketOf(b) + "/…")], problems);
            }
        }
    }

    private static string BucketOf(string url) => string.Join('/', url.Split('/').Take(3));
}
