using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>What each type of channel needs.</summary>
internal static class ChannelRules
{
    /// <summary>Whoever has such an address can post as we do.</summary>
    private static readonly string[] SecretHosts = ["hooks.slack.com", "discord.com", "discordapp.com"];

    public static void Check(Func<string, string> at, ChannelSpec channel, Problems problems)
    {
        if (channel.Type == ChannelTypes.PagerDuty)
        {
            if (channel.SecretFile is null)
            {
                problems.Add(at("secretFile"), "PagerDuty needs a routing key (integration key of Events API v2).", "The path of a file with the key alone.");
            }

            return;
        }

        if (!ChannelTypes.All.Contains(channel.Type))
        {
            return;
        }

        if (channel.Url.Length == 0 && channel.SecretFile is null)
        {
            problems.Add(at("url"), "There is no address to post to.", "An http or https URL, or secretFile: the path of a file with it.");
        }
        else if (channel.Url.Length > 0 && channel.SecretFile is not null)
        {
            problems.Add(at("secretFile"), "There are two addresses: url and secretFile.", "One of them.");
        }
        else if (Uri.TryCreate(channel.Url, UriKind.Absolute, out var url) && SecretHosts.Contains(url.Host))
        {
            problems.Add(at("url"), $"An address at {url.Host} is a secret: whoever has it can post there.", "secretFile: the path of a file with it.");
        }
    }
}
