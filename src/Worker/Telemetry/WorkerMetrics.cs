using System.Diagnostics.Metrics;

namespace VirtEngine.DR.Worker.Telemetry;

/// <summary>Our own counters, one meter.</summary>
internal static class WorkerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "VirtEngine.DR";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("virtengine_dr_activity", unit: null, "Activity attempts by name and outcome");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("virtengine_dr_activity_duration", "s", "How long activity attempts took");
    private static readonly Counter<long> Notifications = Meter.CreateCounter<long>("virtengine_dr_notification", unit: null, "Notifications by channel and outcome");
    private static readonly Counter<long> BackupBytes = Meter.CreateCounter<long>("virtengine_dr_backup_uploaded", "By", "Bytes uploaded by backups");
    private static readonly Histogram<double> Pauses = Meter.CreateHistogram<double>("virtengine_dr_backup_pause", "s", "How long nodes stood still for a backup");

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
}
