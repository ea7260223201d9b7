namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The names by which clients find the estate, and how traffic is led away from a region.</summary>
public sealed record DnsSpec
{
    /// <summary>The hosted zone's name, without a dot at its end.</summary>
    public required string Zone { get; init; }

    /// <summary>The hosted zone's id; null: the only one of that name.</summary>
    public string? ZoneId { get; init; }

    /// <summary>A custom endpoint of Route 53; null: AWS.</summary>
    public string? Endpoint { get; init; }

    /// <summary>A profile of the AWS credentials file; null: the default chain.</summary>
    public string? Profile { get; init; }

    /// <summary>The longest time that a resolver may keep an answer: it is checked in peacetime, and never changed in an incident.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The target gets everything; without it other healthy regions keep what they have.</summary>
    public bool Exclusive { get; init; }

    /// <summary>The names.</summary>
    public required IReadOnlyList<DnsNameSpec> Names { get; init; }

    /// <summary>Switches that need no API of Route 53.</summary>
    public IReadOnlyList<DnsSwitchSpec> Switches { get; init; } = [];
}

/// <summary>A name with a record set for each region.</summary>
public sealed record DnsNameSpec
{
    /// <summary>The whole name, without a dot at its end.</summary>
    public required string Name { get; init; }

    /// <summary>The records' type: A, AAAA or CNAME.</summary>
    public string Type { get; init; } = "A";

    /// <summary>The weight of a region that is brought in and has none, 1 to 255.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>Regions whose record set has another identifier than the region's name.</summary>
    public IReadOnlyList<DnsSetSpec> Sets { get; init; } = [];

    /// <summary>The region of a record set; null where it is of none of them.</summary>
    public string? RegionOf(string identifier, IReadOnlyList<string> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        return Sets.FirstOrDefault(set => set.Identifier == identifier)?.Region
            ?? regions.FirstOrDefault(region => region == identifier && !Sets.Any(set => set.Region == region));
    }
}

/// <summary>A region's record set.</summary>
/// <param name="Region">The region.</param>
/// <param name="Identifier">The record set's identifier.</param>
public sealed record DnsSetSpec(string Region, string Identifier);

/// <summary>
/// A switch on Route 53's data plane: while the object is there, an inverted health check on it takes the region out. No object and no bucket both mean that
/// the region is in, so losing the bucket takes nobody out.
/// </summary>
/// <param name="Region">The region that it takes out.</param>
/// <param name="Url">The object as the health checkers see it.</param>
/// <param name="Bucket">Where it is written; not in that region.</param>
public sealed record DnsSwitchSpec(string Region, string Url, BucketSpec Bucket)
{
    /// <summary>The object's key in the bucket.</summary>
    public string Key => Url[(Url.LastIndexOf('/') + 1)..];
}
