using Temporalio.Activities;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Notify;

/// <summary>Telling people; control queue.</summary>
public interface INotifyActivities
{
    /// <summary>Posts to every channel of the class, deduplicated by key. A channel that failed is in the answer, not an exception.</summary>
    [Activity("notify.send")]
    Task<IReadOnlyList<NotifyReceipt>> SendAsync(Notification notification);
}

/// <summary>One notification.</summary>
/// <param name="Key">Deduplicates: the same key is one notification.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c>, <c>error</c> or <c>critical</c>.</param>
/// <param name="IncidentClass">D1 to D5; null for backups.</param>
/// <param name="Summary">One line.</param>
/// <param name="Details">More, by name.</param>
/// <param name="Channels">Where to.</param>
/// <param name="Practice">Says so on every line.</param>
public sealed record Notification(
    string Key, string Severity, string? IncidentClass, string Summary, IReadOnlyDictionary<string, string> Details,
    IReadOnlyList<ChannelSpec> Channels, bool Practice)
{
    /// <summary>What all notifications of one run have in common: a pager makes one incident of them. Null: the notification stands alone.</summary>
    public string? Incident { get; init; }

    /// <summary>The incident is over, and that was proven.</summary>
    public bool Resolves { get; init; }
}

/// <summary>What became of it on one channel.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Delivered">Whether the other side accepted it.</param>
/// <param name="Detail">The answer, or why not.</param>
public sealed record NotifyReceipt(string Channel, bool Delivered, string Detail);
