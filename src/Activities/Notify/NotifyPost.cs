using System.Net;
using System.Text.Json;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify;

/// <summary>
/// Posts JSON to a channel and tries again where that may help: nobody answered, too many requests (as long as <c>Retry-After</c> says, within reason), or an error of the server. The header
/// <c>Idempotency-Key</c> is the same for every try of one notification. A URL may be a secret: it is in no receipt.
/// </summary>
public sealed class NotifyPost : IDisposable
{
    private const int Tries = 4;
    private const int MostOfAnAnswer = 200;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);
    private readonly HttpClient _http;
    private readonly TimeSpan _firstPause;

    /// <summary>Makes it.</summary>
    /// <param name="timeout">The deadline of one try; 10 s unless given.</param>
    /// <param name="firstPause">The pause after the first failed try, doubled after each; 500 ms unless given.</param>
    public NotifyPost(TimeSpan? timeout = null, TimeSpan? firstPause = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = timeout ?? TimeSpan.FromSeconds(10) };
        _firstPause = firstPause ?? TimeSpan.FromMilliseconds(500);
    }

    /// <summary>Posts it.</summary>
    /// <param name="channel">The channel's name, for the receipt.</param>
    /// <param name="url">Where to.</param>
    /// <param name="body">What; written by the product's own JSON options unless others are given.</param>
    /// <param name="key">The notification's key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="options">How the body is written.</param>
    public async Task<NotifyReceipt> SendAsync(string channel, Uri url, object body, string key, CancellationToken cancellationToken, JsonSerializerOptions? options = null)
    {
        var detail = "";
        var pause = _firstPause;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var answer = await TryAsync(url, body, key, options ?? DrDataConverter.JsonOptions, cancellationToken).ConfigureAwait(false);
            detail = FormattableString.Invariant($"{answer.Detail} at try {attempt}");
            if (!answer.Again)
            {
                return new NotifyReceipt(channel, answer.Accepted, detail);
            }

            if (attempt < Tries)
            {
                await Task.Delay(answer.After is { } after ? (after < LongestPause ? after : LongestPause) : pause, cancellationToken).ConfigureAwait(false);
                pause *= 2;
            }
        }

        return new NotifyReceipt(channel, false, detail);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Answer> TryAsync(Uri url, object body, string key, JsonSerializerOptions options, CancellationToken token)
    {
        try
        {
            // As a whole, with its length: not everything that receives a webhook reads chunks.
            var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), options)) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var response = await _http.SendAsync(request, token).ConfigureAwait(false);
            var again = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)response.StatusCode >= 500;
            var detail = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            if (!response.IsSuccessStatusCode)
            {
                // Slack says invalid_payload, PagerDuty which field: without it nobody knows what to mend.
                var said = (await response.Content.ReadAsStringAsync(token).ConfigureAwait(false)).ReplaceLineEndings(" ").Trim();
                detail += said.Length == 0 ? "" : ": " + (said.Length > MostOfAnAnswer ? said[..MostOfAnAnswer] : said);
            }

            return new(again, response.IsSuccessStatusCode, detail, response.Headers.RetryAfter is { } wait ? wait.Delta ?? (wait.Date - DateTimeOffset.UtcNow) : null);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            return new(true, false, e.Message, null);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return new(true, false, $"no answer within {_http.Timeout.TotalSeconds:0.#} s", null);
        }
    }

    private sealed record Answer(bool Again, bool Accepted, string Detail, TimeSpan? After);
}
