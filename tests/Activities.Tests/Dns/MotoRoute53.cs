using System.Xml.Linq;
using Amazon.Runtime;
using VirtEngine.DR.Activities.Aws;
using VirtEngine.DR.Activities.Dns.Route53;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>A real server that speaks Route 53's API, for the tests of a class; each test has an account of its own in it.</summary>
public sealed class MotoRoute53 : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private PeerProgram? _program;

    public Uri Url { get; private set; } = new("http://127.0.0.1:1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it once.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync(Token);
        try
        {
            if (_program is null)
            {
                int port = FreePorts.One();
                Url = new($"http://127.0.0.1:{port}");
                _program = PeerProgram.Start("moto-server", ["-H", "127.0.0.1", "-p", $"{port}"]);
                using var http = new HttpClient();
                await Eventually.TrueAsync("moto-server answers", TimeSpan.FromSeconds(120), async () => (await http.GetAsync(new Uri(Url, "moto-api/"), Token)).IsSuccessStatusCode, Token);
            }

            using var reset = new HttpClient();
            await reset.PostAsync(new Uri(Url, "moto-api/reset"), null, Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The zones of the port, with credentials that moto takes.</summary>
    public static Route53Zones Zones() => new(new BasicAWSCredentials("test", "testtest"));

    /// <summary>Makes a hosted zone.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeZoneAsync(string name = "virtengine.network") => Xml.Id(Xml.Text(
        (await CallAsync("hostedzone", Xml.Of("CreateHostedZoneRequest", Xml.Of("Name", name), Xml.Of("CallerReference", Guid.NewGuid())))).Descendants(Xml.Ns + "HostedZone").First(), "Id"));

    /// <summary>Makes a health check as a person would.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeCheckAsync(Uri url, bool inverted, bool disabled) => Xml.Text(
        (await CallAsync("healthcheck", Xml.Of(
            "CreateHealthCheckRequest",
            Xml.Of("CallerReference", Guid.NewGuid()),
            Xml.Of(
                "HealthCheckConfig",
                Xml.Of("Port", url.Port), Xml.Of("Type", url.Scheme.ToUpperInvariant()), Xml.Of("ResourcePath", url.AbsolutePath), Xml.Of("FullyQualifiedDomainName", url.Host),
                Xml.Of("Inverted", inverted), Xml.Of("Disabled", disabled))))).Descendants(Xml.Ns + "HealthCheck").First(),
        "Id")!;

    /// <summary>Writes a record as a person would.</summary>
    public Task PutAsync(string zone, DnsRecord record, XElement? routing = null) => PutAsync(zone, Xml.Of(
        "ResourceRecordSet",
        Xml.Of("Name", record.Name), Xml.Of("Type", record.Type), record.Identifier.Length > 0 ? Xml.Of("SetIdentifier", record.Identifier) : null,
        record.Weight is { } weight ? Xml.Of("Weight", weight) : null, routing, Xml.Of("TTL", (long)record.Ttl!.Value.TotalSeconds),
        Xml.Of("ResourceRecords", record.Leads.Select(one => Xml.Of("ResourceRecord", Xml.Of("Value", one)))), record.Check is { } check ? Xml.Of("HealthCheckId", check) : null));

    /// <summary>Writes a record set as it is given.</summary>
    public Task PutAsync(string zone, XElement set) => CallAsync(
        $"hostedzone/{zone}/rrset/",
        Xml.Of("ChangeResourceRecordSetsRequest", Xml.Of("ChangeBatch", Xml.Of("Changes", Xml.Of("Change", Xml.Of("Action", "UPSERT"), set)))));

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _program, null) is { } program)
        {
            await program.DisposeAsync();
            _gate.Dispose();
        }
    }

    private async Task<XElement> CallAsync(string path, XElement body)
    {
        using var pipeline = AwsPipeline.Open(new("Route 53", "route53", "us-east-1", "2013-04-01", Url), Url.AbsoluteUri, new BasicAWSCredentials("test", "testtest"));
        return (await pipeline.CallAsync(new() { Method = "POST", Path = "/2013-04-01/" + path, Body = body }, Token)).Root;
    }
}
