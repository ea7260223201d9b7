using System.Globalization;
using System.Xml.Linq;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>A record set of Route 53 as the port has it, and with another weight or health check. All else of it is kept as it is.</summary>
internal static class RecordXml
{
    /// <summary>The order of a record set's elements in the API's schema: Route 53 refuses another one.</summary>
    private static readonly string[] Order =
    [
        "Name", "Type", "SetIdentifier", "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer", "TTL", "ResourceRecords", "AliasTarget", "HealthCheckId",
        "TrafficPolicyInstanceId", "CidrRoutingConfig", "GeoProximityLocation",
    ];

    private static readonly string[] Others = ["GeoLocation", "MultiValueAnswer", "TrafficPolicyInstanceId", "CidrRoutingConfig", "GeoProximityLocation"];

    /// <summary>A record set.</summary>
    public static DnsRecord Read(XElement set, DnsNameSpec name, IReadOnlyList<string> regions)
    {
        var identifier = Xml.Text(set, "SetIdentifier") ?? "";
        var alias = set.Element(Xml.Ns + "AliasTarget");
        return new(
            name.Name,
            name.Type,
            identifier,
            name.RegionOf(identifier, regions),
            Routing(set),
            Xml.Text(set, "Weight") is { } weight ? int.Parse(weight, CultureInfo.InvariantCulture) : null,
            alias is null && Xml.Text(set, "TTL") is { } ttl ? TimeSpan.FromSeconds(long.Parse(ttl, CultureInfo.InvariantCulture)) : null,
            alias is not null ? [Xml.Text(alias, "DNSName") ?? ""] : [.. set.Descendants(Xml.Ns + "Value").Select(value => value.Value)],
            Xml.Text(set, "HealthCheckId"),
            Xml.Canonical(set));
    }

    /// <summary>The record set with another weight.</summary>
    public static XElement WithWeight(string source, int weight) => With(source, "Weight", weight.ToString(CultureInfo.InvariantCulture));

    /// <summary>The record set with another health check.</summary>
    public static XElement WithCheck(string source, string check) => With(source, "HealthCheckId", check);

    private static XElement With(string source, string name, string value)
    {
        var set = XElement.Parse(source);
        set.Elements(Xml.Ns + name).Remove();
        set.Add(Xml.Of(name, value));
        set.ReplaceNodes(set.Elements().OrderBy(child => Array.IndexOf(Order, child.Name.LocalName) is var at && at < 0 ? Order.Length : at).ToArray());
        return set;
    }

    private static DnsRouting Routing(XElement set) =>
        Others.Any(other => set.Element(Xml.Ns + other) is not null) ? DnsRouting.Other
        : Xml.Text(set, "Weight") is not null ? DnsRouting.Weighted
        : Xml.Text(set, "Region") is not null ? DnsRouting.Latency
        : Xml.Text(set, "Failover") is not null ? DnsRouting.Failover
        : DnsRouting.Simple;
}
