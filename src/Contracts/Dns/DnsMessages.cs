using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Dns;

/// <summary>The estate's names: a slice of the estate.</summary>
/// <param name="Dns">The names and their zone.</param>
/// <param name="Regions">The estate's regions, by priority.</param>
public sealed record DnsTarget(DnsSpec Dns, IReadOnlyList<string> Regions);

/// <summary>How the provider chooses among the records of a name.</summary>
public enum DnsRouting
{
    /// <summary>By weights.</summary>
    Weighted,

    /// <summary>By what is near to the client.</summary>
    Latency,

    /// <summary>A primary while it is healthy, else a secondary.</summary>
    Failover,

    /// <summary>One record only: there is nothing to choose.</summary>
    Simple,

    /// <summary>In a way that no run changes: by place, by address, several answers at once, or a traffic policy.</summary>
    Other,
}

/// <summary>A record set of one of the names.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Identifier">Its identifier among those of the name; empty where there is one only.</param>
/// <param name="Region">The estate's region that it leads to; null: none of them.</param>
/// <param name="Routing">How it is chosen.</param>
/// <param name="Weight">Its weight, 0 to 255; null where it has none.</param>
/// <param name="Ttl">How long resolvers keep it; null for an alias, which has its target's.</param>
/// <param name="Leads">Addresses, or the name that an alias leads to.</param>
/// <param name="Check">Its health check; null without one.</param>
/// <param name="Source">The record as the provider has it, for comparing: nobody else reads it.</param>
public sealed record DnsRecord(
    string Name, string Type, string Identifier, string? Region, DnsRouting Routing, int? Weight, TimeSpan? Ttl, IReadOnlyList<string> Leads, string? Check, string Source)
{
    /// <summary>For people.</summary>
    public string Title => Identifier.Length == 0 ? $"{Name} {Type}" : $"{Name} {Type} '{Identifier}'";
}

/// <summary>A health check.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">What it asks for; null where it asks for no URL.</param>
/// <param name="Inverted">Healthy while what it asks for fails.</param>
/// <param name="Disabled">It asks for nothing and counts as healthy.</param>
/// <param name="Switch">The region whose switch it is; null: it is another one.</param>
/// <param name="Healthy">What the provider's checkers say now; null: nobody knows, or it is inverted, disabled or calculated.</param>
public sealed record DnsCheck(string Id, string? Url, bool Inverted, bool Disabled, string? Switch, bool? Healthy);

/// <summary>The names as the provider has them.</summary>
/// <param name="At">When.</param>
/// <param name="Zone">The zone's id.</param>
/// <param name="Records">Their records, in the estate's order of names, then by identifier.</param>
/// <param name="Checks">Health checks that they have, and those of switches.</param>
/// <param name="Unknowns">What could not be found out.</param>
public sealed record DnsObservation(DateTimeOffset At, string Zone, IReadOnlyList<DnsRecord> Records, IReadOnlyList<DnsCheck> Checks, IReadOnlyList<string> Unknowns);

/// <summary>A change of one record's weight.</summary>
/// <param name="From">The record as it must be: anything else is a newer decision, and is not overwritten.</param>
/// <param name="Weight">Its weight then, 0 to 255.</param>
public sealed record DnsChange(DnsRecord From, int Weight);

/// <summary>What came of a batch of changes.</summary>
/// <param name="Change">The provider's id of the change, to be waited for; null: everything was so already.</param>
/// <param name="Records">The changed records as they are now, in the order of the changes.</param>
public sealed record DnsApplied(string? Change, IReadOnlyList<DnsRecord> Records);

/// <summary>A switch that takes its region out.</summary>
/// <param name="By">The run or the person that threw it.</param>
/// <param name="At">When.</param>
public sealed record DnsThrown(string By, DateTimeOffset At);
