using System.Globalization;

namespace VirtEngine.DR.Estates.Init;

/// <summary>
/// The environment variables of the plan's scripts, and AWS's own. Each one that is set is either used or reported with why it is not, so
/// that nobody believes a setting holds that nothing reads.
/// </summary>
internal sealed class PlanEnvironment(IReadOnlyDictionary<string, string> variables, List<EstateFinding> findings)
{
    private static readonly (string Name, string Why)[] NotUsed =
    [
        ("SNAPSHOT_DIR", "not used: an instant is staged beside the node's data, on its own file system, and removed after the upload"),
        ("KEY_DIR", "not used: keys are not backed up yet; the consensus key of an active validator never is"),
        ("REMOTE_BUCKET", "not used: configuration goes to the region's bucket like every backup, under its own kind"),
        ("HSM_ENABLED", "not used: HSMs come with a later release; the node keeps its own settings"),
        ("NAMESPACE", "not used: Kubernetes comes with a later release"),
        ("SLACK_WEBHOOK_URL", "not used and not copied: its URL is a secret; add a channel that points to a relay of yours"),
        ("SECONDARY_REGION", "not used: add the region to 'regions' with a bucket of its own"),
        ("TERTIARY_REGION", "not used: add the region to 'regions' with a bucket of its own"),
    ];

    public string? NodeHome => Get("NODE_HOME");

    public string? ProviderHome => Get("PROVIDER_HOME");

    public string? Region => Get("PRIMARY_REGION");

    public string? SigningKey => Get("SNAPSHOT_SIGNING_KEY");

    public string? VerifyKey => Get("SNAPSHOT_VERIFY_PUBKEY");

    public string? Endpoint => Get("AWS_ENDPOINT_URL_S3") ?? Get("AWS_ENDPOINT_URL");

    public string? SigningRegion => Get("AWS_REGION") ?? Get("AWS_DEFAULT_REGION");

    public string? Profile => Get("AWS_PROFILE");

    /// <summary>The plan's own script reads a misspelt name.</summary>
    public int? RetentionCount => Number("RETENTION_COUNT") ?? Number("RETENTION_RETENTION");

    public string? Bucket => Get("DR_BUCKET") is { } bucket ? (bucket.Contains("://", StringComparison.Ordinal) ? bucket : "s3://" + bucket).TrimEnd('/') : null;

    public string? BackupFolder => Get("BACKUP_DIR");

    /// <summary>Says what was not used.</summary>
    public void Report(TimeSpan blockTime)
    {
        foreach (var (name, why) in NotUsed.Where(n => Get(n.Name) is not null))
        {
            findings.Add(EstateFinding.Info("", $"{name} is {why}."));
        }

        if (Number("SNAPSHOT_INTERVAL") is { } blocks)
        {
            var time = Math.Round(blocks * blockTime.TotalMinutes, 1).ToString(CultureInfo.InvariantCulture);
            findings.Add(EstateFinding.Info(
                "backups.schedules", $"SNAPSHOT_INTERVAL is not used: {blocks} blocks are about {time} minutes, and backups run by the clock. Change 'cron' if every 4 h is not right."));
        }

        if (Bucket is not null && BackupFolder is not null)
        {
            findings.Add(EstateFinding.Info("", "BACKUP_DIR is not used: DR_BUCKET is where backups go."));
        }
    }

    private string? Get(string name) => variables.TryGetValue(name, out var value) && value.Trim().Length > 0 ? value.Trim() : null;

    private int? Number(string name)
    {
        if (Get(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        findings.Add(EstateFinding.Warning("", $"{name} is not a whole number above zero and is not used."));
        return null;
    }
}
