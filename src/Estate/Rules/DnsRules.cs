using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

internal static class DnsRules
{
    public static void Check(Estate estate, Problems problems)
    {
        if (estate.Dns is not { } dns)
        {
            return;
        }

        string[] regions = [.. estate.Regions.Select(region => region.Name)];
        Text.CheckUnique([.. dns.Names.Select((name, i) => ($"dns.names[{i}].name", name.Name.Length == 0 ? "" : $"{name.Name} {name.Type}"))], "name of a type", problems);
        Text.CheckUnique([.. dns.Switches.Select((one, i) => ($"dns.switches[{i}].region", one.Region))], "region", problems);
        Text.CheckUnique([.. dns.Switches.Select((one, i) => ($"dns.switches[{i}].url", one.Url))], "switch", problems);
        for (var i = 0; i < dns.Names.Count; i++)
        {
            CheckName(dns, dns.Names[i], $"dns.names[{i}]", regions, problems);
        }

        for (var i = 0; i < dns.Switches.Count; i++)
        {
            var (one, path) = (dns.Switches[i], $"dns.switches[{i}]");
            CheckRegion(path + ".region", one.Region, regions, problems);
            if (one.Region.Length > 0 && one.Bucket.Region == one.Region)
            {
                problems.Add(path + ".bucket.region", $"The switch that takes {one.Region} out would be lost with {one.Region}.", "A bucket of another region.");
            }
        }
    }

    private static void CheckName(DnsSpec dns, DnsNameSpec name, string path, string[] regions, Problems problems)
    {
        if (name.Name.Length > 0 && dns.Zone.Length > 0 && !problems.IsBad("dns.zone") && name.Name != dns.Zone && !name.Name.EndsWith("." + dns.Zone, StringComparison.Ordinal))
        {
            problems.Add(path + ".name", $"{Secrets.Shown(name.Name)} is not in the zone.", $"A name that ends with .{dns.Zone}.");
        }

        if (name.Type == "CNAME" && name.Name == dns.Zone)
        {
            problems.Add(path + ".type", "The zone's own name cannot be a CNAME.", "A or AAAA; an alias is one of them.");
        }

        Text.CheckUnique([.. name.Sets.Select((set, i) => ($"{path}.sets[{i}].identifier", set.Identifier))], "identifier", problems);
        for (var i = 0; i < name.Sets.Count; i++)
        {
            CheckRegion($"{path}.sets[{i}].region", name.Sets[i].Region, regions, problems);
        }
    }

    private static void CheckRegion(string path, string region, string[] regions, Problems problems)
    {
        if (region.Length > 0 && !regions.Contains(region))
        {
            var near = Suggestion.For(region, regions);
            problems.Add(path, $"There is no region {Secrets.Shown(region)}.", (near is null ? "" : near + " ") + "There are: " + string.Join(", ", regions) + ".");
        }
    }
}
