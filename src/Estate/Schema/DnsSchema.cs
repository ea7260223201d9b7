using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates;

/// <summary>The keys of DNS.</summary>
internal static class DnsSchema
{
    private const string Required = EstateSchema.Required;
    private const string None = EstateSchema.None;

    private static readonly DnsSpec Defaults = new() { Zone = "", Names = [] };
    private static readonly DnsNameSpec NameDefaults = new() { Name = "" };

    internal static readonly EstateSection Dns = new("dns", "The hosted zone at Route 53, and the names in it that lead clients to a region.",
    [
        new("zone", "A domain's name.", Required, "The hosted zone's name."),
        new("zoneId", "A hosted zone's id.", "the only zone of that name", "The hosted zone, where several have one name."),
        new("endpoint", "An http or https URL.", "AWS", "A custom endpoint of Route 53's API."),
        new("profile", "A profile's name.", "the default chain", "A profile of the AWS credentials file."),
        new("ttl", Quantity.DurationForm, Quantity.Text(Defaults.Ttl), "The longest that resolvers may keep an answer; 'dns check' finds records that are kept longer. No run changes it."),
        new("exclusive", "true or false.", "false", "true: the target of a failover gets all clients. false: only the failed region loses its own."),
        new("names", "A list of groups.", Required, "The names."),
        new("switches", "A list of groups.", None, "Switches that work while Route 53's API is away, and for latency and failover records; made by 'dns prepare'."),
    ]);

    internal static readonly EstateSection Name = new("dns.names[]", "A name with a record set for each region.",
    [
        new("name", "A domain's name in the zone.", Required, "The name, such as rpc.virtengine.network."),
        new("type", "A, AAAA or CNAME.", NameDefaults.Type, "The type of its records; an alias is A or AAAA."),
        new("weight", "A whole number from 1 to 255.", EstateText.Of(NameDefaults.Weight), "The weight of a region that gets clients and had none before."),
        new("sets", "A list of groups.", "each region's name", "Regions whose record set has another identifier than the region's name."),
    ]);

    internal static readonly EstateSection Set = new("dns.names[].sets[]", "A region's record set.",
    [
        new("region", "A region of this estate.", Required, "The region."),
        new("identifier", "A text.", Required, "The record set's identifier (SetIdentifier)."),
    ]);

    internal static readonly EstateSection Switch = new("dns.switches[]", "While the object is there, an inverted health check on it takes the region out. Neither Route 53's API nor the region is needed for that.",
    [
        new("region", "A region of this estate.", Required, "The region that it takes out."),
        new("url", "An http or https URL.", Required, "The object as Route 53's health checkers see it; it must be readable by everybody. What stands behind the last '/' is its key in the bucket."),
        new("bucket", "A group.", Required, "Where the object is written."),
    ]);

    internal static readonly EstateSection Bucket = new("dns.switches[].bucket", "The bucket of a switch, in another region than the one that it takes out.",
    [
        new("url", "s3://bucket/prefix, or file:///folder (file:folder is taken from this file's folder).", Required, "Where it is."),
        new("region", "A region's name.", Required, "Its region."),
        .. EstateSchema.Bucket.Keys.Where(key => key.Name is "endpoint" or "pathStyle" or "signingRegion" or "profile"),
    ]);
}
