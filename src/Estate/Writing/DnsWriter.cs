using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Writing;

internal static class DnsWriter
{
    public static void Write(YamlText yaml, DnsSpec? dns)
    {
        if (dns is null)
        {
            return;
        }

        yaml.Group("dns", () =>
        {
            yaml.Pair("zone", dns.Zone);
            yaml.Pair("zoneId", dns.ZoneId);
            yaml.Pair("endpoint", dns.Endpoint);
            yaml.Pair("profile", dns.Profile);
            yaml.Pair("ttl", Quantity.Text(dns.Ttl));
            EstateWriter.Flag(yaml, "exclusive", dns.Exclusive);
            yaml.Groups("names", dns.Names, name =>
            {
                yaml.Pair("name", name.Name);
                yaml.Pair("type", name.Type);
                yaml.Pair("weight", name.Weight);
                if (name.Sets.Count > 0)
                {
                    yaml.Groups("sets", name.Sets, set =>
                    {
                        yaml.Pair("region", set.Region);
                        yaml.Pair("identifier", set.Identifier);
                    });
                }
            });
            if (dns.Switches.Count > 0)
            {
                yaml.Groups("switches", dns.Switches, one =>
                {
                    yaml.Pair("region", one.Region);
                    yaml.Pair("url", one.Url);
                    yaml.Group("bucket", () =>
                    {
                        yaml.Pair("url", one.Bucket.Url);
                        yaml.Pair("region", one.Bucket.Region);
                        yaml.Pair("endpoint", one.Bucket.Endpoint);
                        EstateWriter.Flag(yaml, "pathStyle", one.Bucket.PathStyle);
                        yaml.Pair("signingRegion", one.Bucket.SigningRegion);
                        yaml.Pair("profile", one.Bucket.Profile);
                    });
                });
            }
        });
        yaml.Blank();
    }
}
