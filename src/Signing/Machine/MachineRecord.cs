namespace VirtEngine.DR.Signing;

/// <summary>What a machine remembers of one key. Every number goes upwards only.</summary>
public sealed record MachineRecord
{
    /// <summary>The register's id, pinned.</summary>
    public required string Register { get; init; }

    /// <summary>The key.</summary>
    public required SignerName Signer { get; init; }

    /// <summary>The machine's identity when the record was made: on another machine it grants nothing.</summary>
    public required string Machine { get; init; }

    /// <summary>The highest epoch that was recorded here, granted or fenced.</summary>
    public long Epoch { get; init; }

    /// <summary>The epoch that is granted to this machine; 0 for none.</summary>
    public long Grant { get; init; }

    /// <summary>Digest of the granted object.</summary>
    public string? GrantDigest { get; init; }

    /// <summary>Grants below it start nothing.</summary>
    public long Fence { get; init; }

    /// <summary>Nothing is signed at or below it.</summary>
    public Hrs Floor { get; init; }

    /// <summary>The boot in which register and chain were last seen to agree with the grant.</summary>
    public string? CheckedBoot { get; init; }

    /// <summary>The epoch that names this machine in <c>offlineAllowed</c>, as it was read from a majority.</summary>
    public long OfflineEpoch { get; init; }

    /// <summary>That epoch's holder.</summary>
    public string? OfflineHolder { get; init; }

    /// <summary>That epoch's <c>offlineAllowed</c>.</summary>
    public IReadOnlyList<string> OfflineAllowed { get; init; } = [];
}
