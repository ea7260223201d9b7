using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify;

/// <summary>Sends a notification to one kind of channel.</summary>
public interface INotifier
{
    /// <summary>The estate's word for it: <c>webhook</c>.</summary>
    string Type { get; }

    /// <summary>Sends it, trying again where that may help. A failure is in the receipt, never an exception.</summary>
    Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken);
}
