using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify.Slack;

/// <summary>Slack's incoming webhooks. What people and nodes said is shown, never interpreted: no mention, no link of theirs works. Source: docs.slack.dev, "Sending messages using incoming webhooks".</summary>
public sealed class SlackNotifier(NotifyPost post) : INotifier
{
    /// <summary>Slack cuts a text at 40,000 characters; nobody reads this many.</summary>
    private const int Longest = 3000;

    /// <inheritdoc/>
    public string Type => ChannelTypes.Slack;

    /// <inheritdoc/>
    public async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken)
    {
        var (url, problem) = await ChannelSecret.UrlAsync(channel, cancellationToken).ConfigureAwait(false);
        return url is null
            ? new(channel.Name, false, problem!)
            : await post.SendAsync(channel.Name, url, new { Text = Text(notification) }, notification.Key, cancellationToken).ConfigureAwait(false);
    }

    private static string Text(Notification notification)
    {
        var said = NotifyText.Of(notification);
        var lines = said.Details.Select(one => $"*{Escape(one.Key)}:* {Escape(one.Value)}").Prepend($"{NotifyText.Sign(notification)} *{Escape(said.Summary)}*");
        var text = string.Join('\n', lines);
        return text.Length > Longest ? text[..Longest] + " …" : text;
    }

    /// <summary>The three characters that Slack gives a meaning to, as it asks.</summary>
    private static string Escape(string text) => text.ReplaceLineEndings(" ").Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
