using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Notify;

/// <summary>What a channel keeps out of the estate: a routing key, or a URL that is a secret by itself. It is read each time, so that a rotated one counts at once.</summary>
internal static class ChannelSecret
{
    private const long Most = 4096;

    /// <summary>Reads it.</summary>
    /// <returns>The secret, or why there is none; the secret itself is in no message.</returns>
    public static async Task<(string? Secret, string? Problem)> ReadAsync(ChannelSpec channel, CancellationToken cancellationToken)
    {
        if (channel.SecretFile is not { } file)
        {
            return (null, "channels[].secretFile is missing");
        }

        try
        {
            if (new FileInfo(file).Length > Most)
            {
                return (null, $"{file} is longer than {Most} bytes: it is to hold the secret alone");
            }

            var secret = (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
            return secret.Length > 0 && !secret.Any(char.IsWhiteSpace) ? (secret, null) : (null, $"{file} is to hold the secret alone, on one line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"its secret cannot be read on {Environment.MachineName}: {e.Message}");
        }
    }

    /// <summary>The URL that is posted to: the estate's, else the one in the secret file.</summary>
    /// <returns>The URL, or why there is none.</returns>
    public static async Task<(Uri? Url, string? Problem)> UrlAsync(ChannelSpec channel, CancellationToken cancellationToken)
    {
        var (text, problem) = channel.Url.Length > 0 ? (channel.Url, null) : await ReadAsync(channel, cancellationToken).ConfigureAwait(false);
        return problem is not null ? (null, problem)
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? (url, null)
            : (null, "its URL is not http:// or https://");
    }
}
