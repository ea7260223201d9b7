using System.Text.RegularExpressions;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads <c>dns</c>.</summary>
internal sealed partial class DnsReader(Folder folder, Problems problems)
{
    private static readonly DnsSpec Defaults = new() { Zone = "", Names = [] };
    private static readonly DnsNameSpec NameDefaults = new() { Name = "" };
    private static readonly string[] Types = ["A", "AAAA", "CNAME"];

    public DnsSpec? Read(MapReader root)
    {
        if (root.Group("dns", DnsSchema.Dns) is not { } dns)
        {
            return null;
        }

        Text.CheckHttp(dns.At("endpoint"), dns.Text("endpoint"), problems);
        if (dns.Text("zoneId") is { } id && !ZoneId().IsMatch(id))
        {
            problems.Add(dns.At("zoneId"), $"{Secrets.Shown(id)} is no hosted zone's id.", "Up to 32 letters and digits, such as Z0123456789ABCDEFGHIJ, without /hostedzone/.");
        }

        return new DnsSpec
        {
            Zone = Domain(dns, "zone"),
            ZoneId = dns.Text("zoneId"),
            Endpoint = dns.Text("endpoint"),
            Profile = dns.Text("profile"),
            Ttl = dns.Duration("ttl", Defaults.Ttl, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Exclusive = dns.Flag("exclusive", false),
            Names = [.. dns.Groups("names", DnsSchema.Name, required: true).Select(Name)],
            Switches = [.. dns.Groups("switches", DnsSchema.Switch).Select(Switch)],
        };
    }

    private DnsNameSpec Name(MapReader name) => new()
    {
        Name = Domain(name, "name"),
        Type = name.Choice("type", Types, NameDefaults.Type),
        Weight = name.Number("weight", NameDefaults.Weight, 1, 255),
        Sets = [.. name.Groups("sets", DnsSchema.Set).Select(set => new DnsSetSpec(set.RequiredText("region"), set.RequiredText("identifier")))],
    };

    private DnsSwitchSpec Switch(MapReader one)
    {
        var url = one.RequiredText("url");
        if (url.Length > 0)
        {
            Text.CheckHttp(one.At("url"), url, problems);
            if (!problems.IsBad(one.At("url")) && (new Uri(url) is var uri && (uri.AbsolutePath.EndsWith('/') || uri.Query.Length > 0 || uri.Fragment.Length > 0)))
            {
                problems.Add(one.At("url"), $"{Secrets.Shown(url)} names no object.", "https://bucket.s3.region.amazonaws.com/prefix/key: no '/' at its end, no '?' and no '#'.");
            }
        }

        var bucket = one.Group("bucket", DnsSchema.Bucket, required: true);
        return new(one.RequiredText("region"), url, bucket is null ? new BucketSpec { Url = "", Region = "" } : Bucket(bucket));
    }

    private BucketSpec Bucket(MapReader bucket)
    {
        var spec = new BucketSpec
        {
            Url = BucketUrl.Read(bucket, DnsSchema.Bucket, folder, problems),
            Region = bucket.RequiredText("region"),
            Endpoint = bucket.Text("endpoint"),
            PathStyle = bucket.Flag("pathStyle", false),
            SigningRegion = bucket.Text("signingRegion"),
            Profile = bucket.Text("profile"),
        };
        Text.CheckHttp(bucket.At("endpoint"), spec.Endpoint, problems);
        return spec;
    }

    private string Domain(MapReader map, string key)
    {
        var name = map.RequiredText(key);
        if (name.Length > 0 && (name.Length > 253 || !DomainName().IsMatch(name)))
        {
            problems.Add(map.At(key), $"{Secrets.Shown(name)} is no domain's name.", "Lower-case letters, digits, '-' and '_' in parts of at most 63, joined by dots, no dot at the end.");
        }

        return name;
    }

    [GeneratedRegex("^[A-Za-z0-9]{1,32}$")]
    private static partial Regex ZoneId();

    [GeneratedRegex("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex DomainName();
}
