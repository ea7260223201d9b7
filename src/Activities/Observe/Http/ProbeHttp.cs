using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Observe.Http;

/// <summary>Asks over HTTP. A pinned authority is the only one that is believed; the name in the certificate must fit all the same.</summary>
/// <param name="timeout">The deadline of one call; 5 s unless given.</param>
public sealed class ProbeHttp(TimeSpan? timeout = null) : IProbeHttp, IDisposable
{
    private const int LargestAnswer = 4 << 20;

    private readonly ConcurrentDictionary<(string? Ca, bool Insecure), HttpClient> _clients = new();

    /// <inheritdoc/>
    public async Task<ProbeAnswer> GetAsync(Uri url, ProbeSpec probe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var client = _clients.GetOrAdd((probe.Ca, probe.Insecure), key => Client(key.Ca, key.Insecure));
        try
        {
            using var response = await client.GetAsync(url, cancellationToken).ConfigureAwait(false);
            return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException refused)
        {
            throw new ProbeException(
                $"{url} answers with a certificate that is not believed ({(probe.Ca is null ? "by this machine's authorities" : "by the authority that the estate pins")}): {refused.Message.TrimEnd('.')}", untrusted: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or IOException)
        {
            throw new ProbeException($"{url} does not answer: {e.Message}", untrusted: false, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProbeException($"{url} does not answer within {client.Timeout.TotalSeconds:0.#} s", untrusted: false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpClient Client(string? ca, bool insecure)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            AllowAutoRedirect = false,

            // Each look opens a connection: that an old one still works says nothing about the next client.
            PooledConnectionLifetime = TimeSpan.Zero,
        };
        if (insecure)
        {
#pragma warning disable CA5359 // The estate asks for it in words (insecure: true), 'estate check' warns of it, and every look says so.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (ca is not null)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(ca);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Believed(certificate, chain, errors, roots);
        }

        return new HttpClient(handler) { Timeout = timeout ?? TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = LargestAnswer };
    }

    private static bool Believed(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(own);
    }
}
