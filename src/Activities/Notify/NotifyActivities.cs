using System.Collections.Concurrent;
using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify;

/// <summary>Tells every channel of the class, each on its own: one that fails never keeps another from being told.</summary>
public sealed class NotifyActivities(IEnumerable<INotifier> notifiers) : INotifyActivities
{
    private const int Remembered = 4096;
    private readonly INotifier[] _notifiers = [.. notifiers];
    private readonly ConcurrentDictionary<(string Key, string Channel), NotifyReceipt> _delivered = new();

    /// <inheritdoc/>
    [Activity("notify.send")]
    public Task<IReadOnlyList<NotifyReceipt>> SendAsync(Notification notification) => ActivityScope.HeartbeatingAsync<IReadOnlyList<NotifyReceipt>>(async token =>
        await Task.WhenAll(notification.Channels.Where(channel => Concerns(channel, notification)).Select(channel => SendAsync(channel, notification, token))).ConfigureAwait(false));

    private static bool Concerns(ChannelSpec channel, Notification notification) =>
        channel.Classes.Count == 0 || notification.IncidentClass is null || channel.Classes.Contains(notification.IncidentClass);

    private async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken token)
    {
        // A retry of the activity in this process doesn't send again; across processes the key in the header deduplicates.
        if (_delivered.TryGetValue((notification.Key, channel.Name), out var before))
        {
            return before;
        }

        var notifier = Array.Find(_notifiers, one => one.Type == channel.Type);
        if (notifier is null)
        {
            return new NotifyReceipt(channel.Name, false, $"type '{channel.Type}' is not configured; allowed: {string.Join(", ", _notifiers.Select(one => one.Type))}");
        }

        var receipt = await notifier.SendAsync(channel, notification, token).ConfigureAwait(false);
        if (receipt.Delivered)
        {
            if (_delivered.Count >= Remembered)
            {
                _delivered.Clear();
            }

            _delivered[(notification.Key, channel.Name)] = receipt;
        }

        return receipt;
    }
}
