using System.Text.Json;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify.PagerDuty;

/// <summary>
/// PagerDuty's Events API v2: all pages of one run are one incident (<c>dedup_key</c>), which the run's proven success resolves and nothing else does.
/// Source of the fields: developer.pagerduty.com, "Send an Alert Event".
/// </summary>
public sealed class PagerDutyNotifier(NotifyPost post) : INotifier
{
    /// <summary>Where events go unless the channel says otherwise (a European account: <c>https://events.eu.pagerduty.com/v2/enqueue</c>).</summary>
    public static readonly Uri Enqueue = new("https://events.pagerduty.com/v2/enqueue");

    private const int LongestSummary = 1024;
    private const int LongestKey = 255;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <inheritdoc/>
    public string Type => ChannelTypes.PagerDuty;

    /// <inheritdoc/>
    public async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken)
    {
        var (routingKey, problem) = await ChannelSecret.ReadAsync(channel, cancellationToken).ConfigureAwait(false);
        if (routingKey is null)
        {
            return new(channel.Name, false, problem!);
        }

        var url = channel.Url.Length == 0 ? Enqueue : new Uri(channel.Url);
        return await post.SendAsync(channel.Name, url, Event(routingKey, notification), notification.Key, cancellationToken, Json).ConfigureAwait(false);
    }

    private static object Event(string routingKey, Notification notification)
    {
        var incident = notification.Incident ?? notification.Key;
        var dedupKey = incident.Length > LongestKey ? incident[..LongestKey] : incident;
        if (notification.Resolves)
        {
            return new { RoutingKey = routingKey, EventAction = "resolve", DedupKey = dedupKey };
        }

        var said = NotifyText.Of(notification);
        return new
        {
            RoutingKey = routingKey,
            EventAction = "trigger",
            DedupKey = dedupKey,
            Client = "VirtEngine.DR",
            Payload = new
            {
                Summary = said.Summary.Length > LongestSummary ? said.Summary[..LongestSummary] : said.Summary,
                notification.Severity,
                Source = "dr-automation",
                Component = notification.Details.GetValueOrDefault("target"),
                Group = notification.Details.GetValueOrDefault("runbook"),
                Class = notification.IncidentClass,
                CustomDetails = said.Details,
            },
        };
    }
}
