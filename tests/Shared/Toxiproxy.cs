using System.Net;
using System.Net.Http.Json;

namespace VirtEngine.DR.Tests.Shared;

/// <summary>Real faults on TCP connections between a client and a server.</summary>
public sealed class Toxiproxy : IAsyncDisposable
{
    private readonly ChildProgram _program;
    private readonly HttpClient _http;

    private Toxiproxy(ChildProgram program, HttpClient http) => (_program, _http) = (program, http);

    /// <summary>Starts the proxy.</summary>
    public static async Task<Toxiproxy> StartAsync(CancellationToken token)
    {
        var port = FreePorts.One();
        var proxy = new Toxiproxy(
            ChildProgram.Start(RequiredProgram.Find("toxiproxy-server"), ["-host", "127.0.0.1", "-port", $"{port}"]),
            new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await proxy._http.GetAsync(new Uri("/version", UriKind.Relative), token)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "toxiproxy answers");
        return proxy;
    }

    /// <summary>A way to the server that can be disturbed.</summary>
    public async Task<Link> LinkAsync(Uri upstream, CancellationToken token)
    {
        var port = FreePorts.One();
        var link = new Link(_http, $"link-{port}", new Uri($"http://127.0.0.1:{port}"), token);
        await link.PostAsync("/proxies", new { name = link.Name, listen = $"127.0.0.1:{port}", upstream = $"{upstream.Host}:{upstream.Port}", enabled = true });
        return link;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }

    /// <summary>One such way.</summary>
    /// <param name="Http">The proxy's control.</param>
    /// <param name="Name">Its name there.</param>
    /// <param name="Url">Its entry.</param>
    /// <param name="Token">Stops its calls.</param>
    public sealed record Link(HttpClient Http, string Name, Uri Url, CancellationToken Token)
    {
        /// <summary>Everything arrives late.</summary>
        public Task LatencyAsync(int milliseconds, int jitter = 0) => ToxicAsync("latency", new { latency = milliseconds, jitter });

        /// <summary>The way is narrow.</summary>
        public Task BandwidthAsync(int kilobytesPerSecond, string stream = "upstream") => ToxicAsync("bandwidth", new { rate = kilobytesPerSecond }, stream);

        /// <summary>Each connection is reset after so many bytes were sent.</summary>
        public Task CutAfterAsync(int bytes, string stream = "upstream", double share = 1) => ToxicAsync("limit_data", new { bytes }, stream, share);

        /// <summary>Each connection is reset at once.</summary>
        public Task ResetAsync(double share = 1) => ToxicAsync("reset_peer", new { timeout = 0 }, share: share);

        /// <summary>Calls are taken and nothing is carried any more.</summary>
        public Task SilenceAsync() => ToxicAsync("timeout", new { timeout = 0 });

        /// <summary>Nobody is reached any more; open connections are cut.</summary>
        public Task PartitionAsync() => PostAsync($"/proxies/{Name}", new { enabled = false });

        /// <summary>The way is as it was at first.</summary>
        public async Task HealAsync()
        {
            var toxics = await Http.GetFromJsonAsync<System.Text.Json.Nodes.JsonArray>(new Uri($"/proxies/{Name}/toxics", UriKind.Relative), Token);
            foreach (var toxic in toxics!.Select(one => new Uri($"/proxies/{Name}/toxics/{one!["name"]}", UriKind.Relative)))
            {
                HttpResponseMessage answer = await Http.DeleteAsync(toxic, Token);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    // A connection that nobody reads holds its toxic until the proxy's own time limit: it goes with the connections.
                    await PartitionAsync();
                    answer = await Http.DeleteAsync(toxic, Token);
                }

                if (answer.StatusCode != HttpStatusCode.NotFound)
                {
                    answer.EnsureSuccessStatusCode();
                }
            }

            await PostAsync($"/proxies/{Name}", new { enabled = true });
        }

        internal async Task PostAsync(string path, object body) => (await Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Token)).EnsureSuccessStatusCode();

        private Task ToxicAsync(string type, object attributes, string stream = "downstream", double share = 1) =>
            PostAsync($"/proxies/{Name}/toxics", new { name = $"{type}-{stream}-{Guid.NewGuid():N}", type, stream, toxicity = share, attributes });
    }
}
