namespace VirtEngine.DR.Contracts.Recovery;

/// <summary>The plan by which every validator of a chain that stands recovers: what is signed, kept in the buckets and given to the others.</summary>
public sealed record RecoveryPlan
{
    /// <summary>What a key must be allowed to sign.</summary>
    public const string Kind = "recovery-plan";

    /// <summary>The form of this record: 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The chain.</summary>
    public required string ChainId { get; init; }

    /// <summary>The height whose state everybody goes back to; the blocks stay.</summary>
    public required long Height { get; init; }

    /// <summary>The app hash after it, upper-case hex.</summary>
    public required string AppHash { get; init; }

    /// <summary>The nodes that say so, by name.</summary>
    public required IReadOnlyList<string> Agreed { get; init; }

    /// <summary>The version that the application must say it is.</summary>
    public required string Version { get; init; }

    /// <summary>The binaries, one a line.</summary>
    public IReadOnlyList<string> Binaries { get; init; } = [];

    /// <summary>When it was made; what others do counts from there.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Until when the others have time.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The run that made it.</summary>
    public required string Run { get; init; }

    /// <summary>The node whose host signs it.</summary>
    public required string Signer { get; init; }

    /// <summary>The set at that height.</summary>
    public required IReadOnlyList<RecoveryValidator> Validators { get; init; }

    /// <summary>What each must do, in this order.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>What each must prove, and to whom.</summary>
    public IReadOnlyList<string> Proofs { get; init; } = [];

    /// <summary>Who comes when.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];
}

/// <summary>A validator of the plan.</summary>
/// <param name="Address">Its consensus address, upper-case hex.</param>
/// <param name="Power">Its voting power.</param>
/// <param name="Node">The name of our node that has its key; null where it is somebody else's.</param>
public sealed record RecoveryValidator(string Address, long Power, string? Node);
