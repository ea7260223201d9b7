namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The whole estate, as validated from <c>estate.yaml</c>. No region, host, label or port is a constant in code.</summary>
public sealed record Estate
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The chain that the nodes run.</summary>
    public required ChainSpec Chain { get; init; }

    /// <summary>Regions in order of priority.</summary>
    public required IReadOnlyList<RegionSpec> Regions { get; init; }

    /// <summary>Nodes in the file's order.</summary>
    public required IReadOnlyList<NodeSpec> Nodes { get; init; }

    /// <summary>What runs in the regions' clusters, in the file's order.</summary>
    public IReadOnlyList<WorkloadSpec> Workloads { get; init; } = [];

    /// <summary>The names by which clients find the estate; null: no run changes DNS.</summary>
    public DnsSpec? Dns { get; init; }

    /// <summary>Backups: signing keys, encryption, retention, schedules.</summary>
    public required BackupSpec Backups { get; init; }

    /// <summary>Recovery time and point objectives.</summary>
    public required ObjectivesSpec Objectives { get; init; }

    /// <summary>Who may approve what.</summary>
    public required ApprovalSpec Approvals { get; init; }

    /// <summary>How long what was recovered is watched.</summary>
    public WatchSpec Watch { get; init; } = new();

    /// <summary>From where nodes are looked at.</summary>
    public ObserveSpec Observe { get; init; } = new();

    /// <summary>People and schedules to reach.</summary>
    public IReadOnlyList<ContactSpec> Contacts { get; init; } = [];

    /// <summary>Where notifications go.</summary>
    public IReadOnlyList<ChannelSpec> Channels { get; init; } = [];

    /// <summary>Where the evidence store is: a folder or an <c>s3://</c> URL of one of the buckets; null means beside the worker's state.</summary>
    public string? Evidence { get; init; }

    /// <summary>Where forensic copies go; null means the bucket of the node's region.</summary>
    public ForensicsSpec? Forensics { get; init; }

    /// <summary>The signer interlock's register; null when no signer is under it.</summary>
    public SigningSpec? Signing { get; init; }

    /// <summary>The Temporal server, where the estate names one.</summary>
    public ServerSpec? Server { get; init; }

    /// <summary>True for a simulated estate: the worker refuses <c>live</c> runs on it and <c>practice</c> runs on a real one.</summary>
    public bool Simulated { get; init; }
}
