using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>Ends TLS in front of a server that speaks plain HTTP/2, and asks for a client certificate of its own authority.</summary>
internal sealed class TlsFrontend : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly X509Certificate2 authority = Authority("CN=Test authority");
    private readonly X509Certificate2 own;
    private readonly IPEndPoint target;
    private readonly Task loop;

    public TlsFrontend(string target, string folder)
    {
        this.target = IPEndPoint.Parse(target.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
        own = Issue(authority, "temporal.test");
        using var client = Issue(authority, "operator");
        using var stranger = Authority("CN=Another authority");
        using var foreign = Issue(stranger, "operator");
        Files = new(Write(folder, "ca.pem", authority.ExportCertificatePem()), Write(folder, "client.pem", client.ExportCertificatePem()), Write(folder, "client.key", Key(client)));
        OtherAuthority = Write(folder, "other-ca.pem", stranger.ExportCertificatePem());
        ForeignClient = (Write(folder, "foreign.pem", foreign.ExportCertificatePem()), Write(folder, "foreign.key", Key(foreign)));
        listener.Start();
        loop = AcceptAsync();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Authority, certificate and key of a client that is let in.</summary>
    public (string Ca, string Certificate, string Key) Files { get; }

    /// <summary>An authority that did not issue the server's certificate.</summary>
    public string OtherAuthority { get; }

    /// <summary>A client of that other authority.</summary>
    public (string Certificate, string Key) ForeignClient { get; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await loop;
        own.Dispose();
        authority.Dispose();
        ending.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await listener.AcceptTcpClientAsync(ending.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var incoming = accepted;
        try
        {
            await using var secure = new SslStream(incoming.GetStream());
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = own,
                    ClientCertificateRequired = true,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && shown.Issuer == authority.Subject,
                },
                ending.Token);
            using var outgoing = new TcpClient();
            await outgoing.ConnectAsync(target, ending.Token);
            await Task.WhenAny(secure.CopyToAsync(outgoing.GetStream(), ending.Token), outgoing.GetStream().CopyToAsync(secure, ending.Token));
        }
        catch (Exception end) when (end is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            // A client that is refused, or the end of the test: the connection closes, which is all that the client may see.
        }
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Write(string folder, string name, string pem)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
