using System.Text.Json;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify.Discord;

/// <summary>Discord's webhooks, where validators' operators often are. Nobody is mentioned, whatever a text says. Source: docs.discord.com, "Execute Webhook".</summary>
public sealed class DiscordNotifier(NotifyPost post) : INotifier
{
    /// <summary>Discord refuses a longer content.</summary>
    private const int Longest = 2000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <inheritdoc/>
    public string Type => ChannelTypes.Discord;

    /// <inheritdoc/>
    public async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken)
    {
        var (url, problem) = await ChannelSecret.UrlAsync(channel, cancellationToken).ConfigureAwait(false);
        return url is null
            ? new(channel.Name, false, problem!)
            : await post.SendAsync(channel.Name, url, new { Content = Text(notification), AllowedMentions = new { Parse = Array.Empty<string>() } }, notification.Key, cancellationToken, Json).ConfigureAwait(false);
    }

    private static string Text(Notification notification)
    {
        var said = NotifyText.Of(notification);
        var lines = said.Details.Select(one => $"**{Escape(one.Key)}:** {Escape(one.Value)}").Prepend($"{NotifyText.Sign(notification)} **{Escape(said.Summary)}**");
        var text = string.Join('\n', lines);
        return text.Length > Longest ? text[..(Longest - 2)] + " …" : text;
    }

    /// <summary>What Markdown would read into a text.</summary>
    private static string Escape(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(one => one is '*' or '_' or '`' or '~' or '|' or '>' or '\\' or '[' ? "\\" + one : one.ToString()));
}
