namespace VirtEngine.DR.Contracts.Estates;

/// <summary>What a node is.</summary>
public enum NodeKind
{
    /// <summary>Signs blocks.</summary>
    Validator,

    /// <summary>Follows the chain and serves RPC.</summary>
    Full,

    /// <summary>A full node that keeps all history.</summary>
    Archive,

    /// <summary>A provider daemon.</summary>
    Provider,

    /// <summary>An API gateway.</summary>
    Gateway,

    /// <summary>A monitoring server.</summary>
    Monitoring,
}

/// <summary>How a chain-state backup of the node is taken.</summary>
public enum BackupMethod
{
    /// <summary>Not backed up by copying (a validator's default).</summary>
    None,

    /// <summary>The running node is frozen for milliseconds.</summary>
    Frozen,

    /// <summary>The node is found stopped.</summary>
    Stopped,

    /// <summary>A completed state-sync snapshot is copied.</summary>
    StateSync,

    /// <summary>Somebody else takes a volume snapshot.</summary>
    External,
}

/// <summary>One node.</summary>
public sealed record NodeSpec
{
    /// <summary>Its name, unique in the estate.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>Its availability zone.</summary>
    public string? Zone { get; init; }

    /// <summary>Its home folder on its own host.</summary>
    public required string Home { get; init; }

    /// <summary>How it is started and stopped.</summary>
    public required ControlSpec Control { get; init; }

    /// <summary>Its RPC as seen from its own host and the control workers; null where it has none.</summary>
    public string? Rpc { get; init; }

    /// <summary><c>goleveldb</c>, <c>pebbledb</c> or <c>rocksdb</c>.</summary>
    public string Database { get; init; } = "goleveldb";

    /// <summary>How its chain state is backed up.</summary>
    public BackupMethod Backup { get; init; } = BackupMethod.Frozen;

    /// <summary>Folders and files beside <c>data</c> that belong to the same instant, relative to the home (such as <c>wasm</c>).</summary>
    public IReadOnlyList<string> Extras { get; init; } = [];

    /// <summary>The longest pause that a frozen snapshot may cost.</summary>
    public TimeSpan FreezeBudget { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The consensus key that signs here; null when the estate names none, and then nothing moves it.</summary>
    public SignerSpec? Signer { get; init; }

    /// <summary>How it is looked at from outside, where it has no RPC of a chain; null: its health cannot be proven.</summary>
    public ProbeSpec? Probe { get; init; }

    /// <summary>The full node whose place this one takes when that one's host is gone; null where it stands in for nobody.</summary>
    public string? StandbyFor { get; init; }
}

/// <summary>How a node is started and stopped.</summary>
public sealed record ControlSpec
{
    /// <summary><c>process</c> (supervised by the node worker), <c>systemd</c> or <c>kubernetes</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The systemd unit.</summary>
    public string? Unit { get; init; }

    /// <summary>The program and its arguments for <c>process</c>; empty uses the chain's command profile.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>How long a stop may take before it counts as hung.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
