using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify.Webhook;

/// <summary>Posts a notification as the product's own JSON.</summary>
public sealed class WebhookNotifier(NotifyPost post) : INotifier
{
    /// <inheritdoc/>
    public string Type => ChannelTypes.Webhook;

    /// <inheritdoc/>
    public async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken)
    {
        var (url, problem) = await ChannelSecret.UrlAsync(channel, cancellationToken).ConfigureAwait(false);
        return url is null
            ? new(channel.Name, false, problem!)
            : await post.SendAsync(channel.Name, url, Body(notification), notification.Key, cancellationToken).ConfigureAwait(false);
    }

    private static object Body(Notification notification)
    {
        var said = NotifyText.Of(notification);
        return new
        {
            notification.Key,
            notification.Incident,
            notification.Resolves,
            notification.Severity,
            notification.IncidentClass,
            said.Summary,
            said.Details,
            notification.Practice,
            Source = "virtengine-dr",
        };
    }
}
