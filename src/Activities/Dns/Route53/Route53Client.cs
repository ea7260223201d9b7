using System.Globalization;
using System.Xml.Linq;
using Amazon.Runtime;
using VirtEngine.DR.Activities.Aws;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>The calls of Route 53 that are needed; AWSSDK.Route53 is served on no feed of ours (docs/adr/0008).</summary>
internal sealed class Route53Client : IDisposable
{
    private const string Root = "/2013-04-01/";

    private static readonly AwsService Service = new("Route 53", "route53", "us-east-1", "2013-04-01", new Uri("https://route53.amazonaws.com"));

    private readonly AwsPipeline pipeline;

    /// <summary>A client.</summary>
    /// <param name="endpoint">A custom endpoint; null: AWS, or <c>AWS_ENDPOINT_URL_ROUTE_53</c>.</param>
    /// <param name="credentials">Null: the default chain.</param>
    public Route53Client(string? endpoint, AWSCredentials? credentials = null) => pipeline = AwsPipeline.Open(Service, endpoint, credentials);

    /// <summary>Zones of a name, with the dot at its end.</summary>
    public async Task<IReadOnlyList<HostedZone>> ZonesAsync(string name, CancellationToken cancellationToken)
    {
        var zones = new List<HostedZone>();
        Dictionary<string, string>? query = new() { ["dnsname"] = name, ["maxitems"] = "100" };
        while (query is not null)
        {
            var answer = await GetAsync("hostedzonesbyname", query, cancellationToken).ConfigureAwait(false);
            var page = answer.Descendants(Xml.Ns + "HostedZone")
                .Select(zone => new HostedZone(Xml.Id(Xml.Text(zone, "Id")), Xml.Text(zone, "Name") ?? "", Xml.Text(zone.Element(Xml.Ns + "Config"), "PrivateZone") == "true")).ToList();
            zones.AddRange(page.Where(zone => zone.Name == name));

            // The list is sorted: the name's own zones stand first, on the next page only where this one has no other.
            query = Xml.Text(answer, "IsTruncated") == "true" && page.All(zone => zone.Name == name)
                ? new() { ["dnsname"] = Xml.Text(answer, "NextDNSName") ?? name, ["hostedzoneid"] = Xml.Text(answer, "NextHostedZoneId") ?? "", ["maxitems"] = "100" }
                : null;
        }

        return zones;
    }

    /// <summary>All record sets of a zone from a name on, page by page; stops behind the name where <paramref name="only"/> is set.</summary>
    public async Task<IReadOnlyList<XElement>> RecordsAsync(string zone, string name, bool only, CancellationToken cancellationToken)
    {
        var records = new List<XElement>();
        Dictionary<string, string>? query = new() { ["name"] = name };
        while (query is not null)
        {
            var answer = await GetAsync($"hostedzone/{zone}/rrset", query, cancellationToken).ConfigureAwait(false);
            var page = answer.Descendants(Xml.Ns + "ResourceRecordSet").ToList();
            records.AddRange(page.Where(record => !only || Xml.Text(record, "Name") == name));
            query = Xml.Text(answer, "IsTruncated") == "true" && Xml.Text(answer, "NextRecordName") is { } next && (!only || next == name) ? new() { ["name"] = next } : null;
            foreach (var (parameter, element) in new[] { ("type", "NextRecordType"), ("identifier", "NextRecordIdentifier") })
            {
                if (query is not null && Xml.Text(answer, element) is { } value)
                {
                    query[parameter] = value;
                }
            }
        }

        return records;
    }

    /// <summary>Writes record sets, all or none.</summary>
    public async Task<ChangeInfo> UpsertAsync(string zone, string comment, IEnumerable<XElement> records, CancellationToken cancellationToken)
    {
        var batch = Xml.Of(
            "ChangeResourceRecordSetsRequest",
            Xml.Of(
                "ChangeBatch",
                Xml.Of("Comment", comment.Length > 256 ? comment[..256] : comment),
                Xml.Of("Changes", records.Select(record => Xml.Of("Change", Xml.Of("Action", "UPSERT"), record)))));
        return Change(await SendAsync($"hostedzone/{zone}/rrset/", batch, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How far a change is.</summary>
    public async Task<ChangeInfo> ChangeAsync(string change, CancellationToken cancellationToken) =>
        Change(await GetAsync("change/" + Xml.Id(change), null, cancellationToken).ConfigureAwait(false));

    /// <summary>All health checks of the account.</summary>
    public async Task<IReadOnlyList<HealthCheck>> ChecksAsync(CancellationToken cancellationToken)
    {
        var checks = new List<HealthCheck>();
        Dictionary<string, string>? query = new() { ["maxitems"] = "100" };
        while (query is not null)
        {
            var answer = await GetAsync("healthcheck", query, cancellationToken).ConfigureAwait(false);
            checks.AddRange(answer.Descendants(Xml.Ns + "HealthCheck").Select(Check));
            query = Xml.Text(answer, "IsTruncated") == "true" && Xml.Text(answer, "NextMarker") is { } next ? new() { ["marker"] = next, ["maxitems"] = "100" } : null;
        }

        return checks;
    }

    /// <summary>Makes a health check; the same reference makes only one.</summary>
    public async Task<HealthCheck> CreateCheckAsync(string reference, XElement config, CancellationToken cancellationToken) =>
        Check((await SendAsync("healthcheck", Xml.Of("CreateHealthCheckRequest", Xml.Of("CallerReference", reference), config), cancellationToken).ConfigureAwait(false))
            .Descendants(Xml.Ns + "HealthCheck").First());

    /// <summary>Enables a health check and sets whether it is inverted, where its version is still the one that was seen.</summary>
    public async Task<HealthCheck> UpdateCheckAsync(HealthCheck seen, bool inverted, CancellationToken cancellationToken)
    {
        var body = Xml.Of("UpdateHealthCheckRequest", Xml.Of("HealthCheckVersion", seen.Version), Xml.Of("Inverted", inverted), Xml.Of("Disabled", false));
        return Check((await SendAsync("healthcheck/" + seen.Id, body, cancellationToken).ConfigureAwait(false)).Descendants(Xml.Ns + "HealthCheck").First());
    }

    /// <summary>What each checker said last of a health check, such as <c>Success: HTTP Status Code 200, OK</c>.</summary>
    public async Task<IReadOnlyList<string>> StatusesAsync(string id, CancellationToken cancellationToken) =>
        [.. (await GetAsync($"healthcheck/{id}/status", null, cancellationToken).ConfigureAwait(false)).Descendants(Xml.Ns + "StatusReport").Select(report => Xml.Text(report, "Status") ?? "")];

    /// <inheritdoc/>
    public void Dispose() => pipeline.Dispose();

    private static ChangeInfo Change(XElement answer)
    {
        var info = answer.Descendants(Xml.Ns + "ChangeInfo").First();
        return new(Xml.Id(Xml.Text(info, "Id")), Xml.Text(info, "Status") == "INSYNC");
    }

    private static HealthCheck Check(XElement check) => new(
        Xml.Text(check, "Id") ?? "", long.Parse(Xml.Text(check, "HealthCheckVersion") ?? "1", CultureInfo.InvariantCulture), check.Element(Xml.Ns + "HealthCheckConfig") ?? Xml.Of("HealthCheckConfig"));

    private Task<XElement> GetAsync(string path, Dictionary<string, string>? query, CancellationToken cancellationToken) =>
        Route53Call.MakeAsync(async () => (await pipeline.CallAsync(new() { Method = "GET", Path = Root + path, Query = query ?? [] }, cancellationToken).ConfigureAwait(false)).Root, path, cancellationToken);

    private Task<XElement> SendAsync(string path, XElement body, CancellationToken cancellationToken) =>
        Route53Call.MakeAsync(async () => (await pipeline.CallAsync(new() { Method = "POST", Path = Root + path, Body = body }, cancellationToken).ConfigureAwait(false)).Root, path, cancellationToken);
}
