using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>Two names in three regions.</summary>
internal static class DnsTargets
{
    public const string Rpc = "rpc.virtengine.network";
    public const string Api = "api.virtengine.network";
    public const string East = "us-east-1";
    public const string West = "eu-west-1";
    public const string South = "ap-south-1";

    public static DnsTarget Of(string? endpoint = null, bool exclusive = false, string? switches = null, string switchUrl = "http://127.0.0.1:1/") => new(
        new()
        {
            Zone = "virtengine.network",
            Endpoint = endpoint,
            Exclusive = exclusive,
            Names = [new() { Name = Rpc }, new() { Name = Api, Sets = [new(East, "one")] }],
            Switches = switches is null ? [] : [new(East, switchUrl + "switch-" + East, new() { Url = "file://" + switches, Region = West })],
        },
        [East, West, South]);

    /// <summary>A weighted record of a name; the address says which region.</summary>
    public static DnsRecord Weighted(string name, string identifier, int weight, string address, string? check = null, int ttl = 60) => new(
        name, "A", identifier, null, DnsRouting.Weighted, weight, TimeSpan.FromSeconds(ttl), [address], check, "");
}
