using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Observe;
using VirtEngine.DR.Activities.Observe.Http;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Activities.Tests.Observe;

/// <summary>A pinned authority is the only one that is believed, the name counts, and what is not checked says so.</summary>
public sealed class ProbeTlsTests : IDisposable
{
    private readonly X509Certificate2 _ca = Authority("CN=ours");
    private readonly X509Certificate2 _other = Authority("CN=theirs");

    [Fact]
    public async Task Look_CertificateOfThePinnedAuthority_IsBelieved()
    {
        var report = await LookAsync("127.0.0.1", new() { Url = "", Ca = _ca.ExportCertificatePem() });
        Assert.Equal(Health.Healthy, report.Health);
    }

    [Fact]
    public async Task Look_CertificateOfAnotherAuthority_IsUnknownAndSaysWhy()
    {
        var report = await LookAsync("127.0.0.1", new() { Url = "", Ca = _other.ExportCertificatePem() });
        Assert.Equal((Health.Unknown, HealthFindings.Untrusted), (report.Health, Assert.Single(report.Findings)));
        Assert.Contains("the authority that the estate pins", Assert.Single(report.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_CertificateOfAnotherName_IsNotBelieved() =>
        Assert.Equal([HealthFindings.Untrusted], (await LookAsync("127.0.0.2", new() { Url = "", Ca = _ca.ExportCertificatePem() })).Findings);

    [Fact]
    public async Task Look_NothingPinned_TrustsTheMachinesAuthoritiesOnly() =>
        Assert.Equal([HealthFindings.Untrusted], (await LookAsync("127.0.0.1", new() { Url = "" })).Findings);

    [Fact]
    public async Task Look_Insecure_AnswersAndSaysSoEachTime()
    {
        var report = await LookAsync("127.0.0.2", new() { Url = "", Insecure = true });
        Assert.Equal(Health.Healthy, report.Health);
        Assert.StartsWith("ITS CERTIFICATE IS NOT CHECKED", report.Reasons[0], StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _ca.Dispose();
        _other.Dispose();
    }

    private async Task<HealthReport> LookAsync(string address, ProbeSpec probe)
    {
        using var certificate = Server(_ca, address);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(() => ServeAsync(listener, certificate));
        using var http = new ProbeHttp();
        using var rpcs = new CometBftRpcFactory();
        var url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/status";
        var report = await new ProbeActivities(http, rpcs).LookAsync(new("p", NodeKind.Provider, probe with { Url = url }, "chain-1", [], 5, TimeSpan.FromSeconds(5), TimeSpan.Zero));
        await serving;
        return report;
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            var read = await tls.ReadAsync(new byte[16384]);
            if (read > 0)
            {
                await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray());
            }
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The other side does not believe us, as some tests want.
        }
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Server(X509Certificate2 authority, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3, 4]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
