namespace VirtEngine.DR.Estates;

/// <summary>What <see cref="EstateInit"/> reads. Everything that is given goes before the environment, and that before what is found.</summary>
public sealed record EstateInitOptions
{
    /// <summary>Where <c>estate.yaml</c> goes; key files are made in <c>keys/</c> beside it.</summary>
    public required string Output { get; init; }

    /// <summary>The node's home; else <c>NODE_HOME</c>.</summary>
    public string? Home { get; init; }

    /// <summary>The node's name; else its moniker.</summary>
    public string? NodeName { get; init; }

    /// <summary>The region's name; else <c>PRIMARY_REGION</c>, else <c>local</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The bucket's URL; else <c>DR_BUCKET</c>, else a folder named by <c>BACKUP_DIR</c>, else one beside the estate.</summary>
    public string? Bucket { get; init; }

    /// <summary>The text of the node's systemd unit: a unit file, or what <c>systemctl cat</c> prints. Else a running process is looked for.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit's name, where the text does not say it.</summary>
    public string? UnitName { get; init; }

    /// <summary>A private signing key that exists; else <c>SNAPSHOT_SIGNING_KEY</c>, else a new pair is made.</summary>
    public string? SigningKey { get; init; }

    /// <summary>The environment, such as that of the plan's scripts.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Look for a running process and ask its RPC.</summary>
    public bool Probe { get; init; } = true;

    /// <summary>Write over an estate that is there.</summary>
    public bool Overwrite { get; init; }
}
