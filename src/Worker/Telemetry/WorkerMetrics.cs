using System.Diagnostics.Metrics;

namespace VirtEngine.DR.Worker.Telemetry;

/// <summary>Our own counters, one meter.</summary>
internal static class WorkerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "VirtEngine.DR";

    private static readonly Meter Meter = new(MeterName);

    // The default limits start at five seconds, where a pause has long ended and an activity has long answered.
    private static readonly InstrumentAdvice<double> PauseLimits = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1] };
    private static readonly InstrumentAdvice<double> ActivityLimits = new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] };
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("virtengine_dr_activity", unit: null, "Activity attempts by name and outcome");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("virtengine_dr_activity_duration", "s", "How long activity attempts took", tags: null, ActivityLimits);
    private static readonly Counter<long> Notifications = Meter.CreateCounter<long>("virtengine_dr_notification", unit: null, "Notifications by channel and outcome");
    private static readonly Counter<long> BackupBytes = Meter.CreateCounter<long>("virtengine_dr_backup_uploaded", "By", "Bytes uploaded by backups");
    private static readonly Histogram<double> Pauses = Meter.CreateHistogram<double>("virtengine_dr_backup_pause", "s", "How long nodes stood still for a backup", tags: null, PauseLimits);
    private static readonly Gauge<double> Newest = Meter.CreateGauge<double>("virtengine_dr_backup_newest_timestamp", "s", "When the newest backup's instant was taken, Unix time");
    private static readonly Gauge<double> Proven = Meter.CreateGauge<double>("virtengine_dr_backup_verified_timestamp", "s", "When the backup was taken that last passed this rung, Unix time");

    private static readonly Gauge<int> Alarms = Meter.CreateGauge<int>("virtengine_dr_signer_alarm", unit: null, "1: two processes signed with this node's key, and its signer is stopped");
    private static readonly Gauge<int> Watched = Meter.CreateGauge<int>("virtengine_dr_signer_watched", unit: null, "1: the watch of this node's signer sees what it needs");

    /// <summary>A watch looked.</summary>
    public static void SignerAlarm(string node, bool alarm, bool watched)
    {
        Alarms.Record(alarm ? 1 : 0, new KeyValuePair<string, object?>("node", node));
        Watched.Record(watched ? 1 : 0, new KeyValuePair<string, object?>("node", node));
    }

    /// <summary>An activity attempt ended.</summary>
    public static void Activity(string name, string outcome, TimeSpan took)
    {
        Calls.Add(1, new("activity", name), new("outcome", outcome));
        Durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("activity", name));
    }

    /// <summary>What an activity answered, where it is worth counting.</summary>
    public static void Answer(object? answer)
    {
        switch (answer)
        {
            case Contracts.Backups.BackupReceipt receipt:
                BackupBytes.Add(receipt.UploadedBytes, new KeyValuePair<string, object?>("node", receipt.Backup.Node));
                Newest.Record(Unix(receipt.Backup.TakenAt), new("node", receipt.Backup.Node), new("kind", receipt.Backup.Kind));
                break;
            case Contracts.Backups.VerificationReport report:
                Proven.Record(Unix(report.Backup.TakenAt), new("node", report.Backup.Node), new("kind", report.Backup.Kind), new("region", report.Region), new("rung", report.Rung));
                break;
            case Contracts.Backups.CaptureReceipt capture:
                Pauses.Record(capture.Pause.TotalSeconds, new KeyValuePair<string, object?>("method", capture.Method));
                break;
            case IReadOnlyList<Contracts.Notify.NotifyReceipt> receipts:
                foreach (var receipt in receipts)
                {
                    Notifications.Add(1, new("channel", receipt.Channel), new("outcome", receipt.Delivered ? "delivered" : "failed"));
                }

                break;
        }
    }

    private static double Unix(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
