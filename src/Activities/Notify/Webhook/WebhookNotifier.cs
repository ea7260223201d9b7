using System.Net;
using System.Net.Http.Json;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify.Webhook;

/// <summary>Posts a notification as JSON. The header <c>Idempotency-Key</c> is the same for every try of one notification.</summary>
public sealed class WebhookNotifier : INotifier, IDisposable
{
    private const int Tries = 4;
    private readonly HttpClient _http;
    private readonly TimeSpan _firstPause;

    /// <summary>Makes the notifier.</summary>
    /// <param name="timeout">The deadline of one try; 10 s unless given.</param>
    /// <param name="firstPause">The pause after the first failed try, doubled after each; 500 ms unless given.</param>
    public WebhookNotifier(TimeSpan? timeout = null, TimeSpan? firstPause = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = timeout ?? TimeSpan.FromSeconds(10) };
        _firstPause = firstPause ?? TimeSpan.FromMilliseconds(500);
    }

    /// <inheritdoc/>
    public string Type => "webhook";

    /// <inheritdoc/>
    public async Task<NotifyReceipt> SendAsync(ChannelSpec channel, Notification notification, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(channel.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new NotifyReceipt(channel.Name, false, "its URL is not http:// or https://");
        }

        var detail = "";
        var pause = _firstPause;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var (done, receipt) = await TryAsync(channel, url, notification, attempt, cancellationToken).ConfigureAwait(false);
            if (done)
            {
                return receipt;
            }

            detail = receipt.Detail;
            if (attempt < Tries)
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                pause *= 2;
            }
        }

        return new NotifyReceipt(channel.Name, false, $"{detail} ({Tries} tries)");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(bool Done, NotifyReceipt Receipt)> TryAsync(ChannelSpec channel, Uri url, Notification notification, int attempt, CancellationToken token)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = JsonContent.Create(Body(notification), options: DrDataConverter.JsonOptions),
            };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", notification.Key);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            var detail = $"{(int)response.StatusCode} {response.ReasonPhrase} at try {attempt}";
            var again = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)response.StatusCode >= 500;
            return (!again, new NotifyReceipt(channel.Name, response.IsSuccessStatusCode, detail));
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            return (false, new NotifyReceipt(channel.Name, false, e.Message));
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return (false, new NotifyReceipt(channel.Name, false, $"no answer within {_http.Timeout.TotalSeconds:0.#} s"));
        }
    }

    private static object Body(Notification notification) => new
    {
        notification.Key,
        notification.Severity,
        notification.IncidentClass,
        Summary = notification.Practice ? $"[PRACTICE] {notification.Summary}" : notification.Summary,
        Details = notification.Details.ToDictionary(one => one.Key, one => notification.Practice ? $"[PRACTICE] {one.Value}" : one.Value, StringComparer.Ordinal),
        notification.Practice,
        Source = "virtengine-dr",
    };
}
