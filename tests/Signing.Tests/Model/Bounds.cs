namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What a run of the checker explores: how many of everything, and which faults may happen, each at most once.</summary>
internal sealed record Bounds
{
    public required string Name { get; init; }

    /// <summary>1 to 3.</summary>
    public int Machines { get; init; } = 2;

    /// <summary>Asks in all, each by an engine of its own; all may be open at once. 1 to 3.</summary>
    public int Asks { get; init; } = 2;

    /// <summary>Each asker has its own machine in mind; otherwise any.</summary>
    public bool OneTargetEach { get; init; }

    /// <summary>At most 7.</summary>
    public int MaxEpoch { get; init; } = 5;

    /// <summary>Signed heights in all, at most 3.</summary>
    public int Heights { get; init; } = 1;

    public bool BucketLost { get; init; }

    /// <summary>A disk is copied at some time and put back later.</summary>
    public bool RolledBack { get; init; }

    /// <summary>A disk is copied at some time and put into another machine.</summary>
    public bool Cloned { get; init; }

    public bool Destroyed { get; init; }

    public bool KeyDisabled { get; init; }

    public bool Reboots { get; init; }

    public bool BreakGlass { get; init; }

    /// <summary>The register and the machines at the beginning.</summary>
    public Beginning Beginning { get; init; } = Beginning.Enrolled;

    /// <summary>States after which the search ends, unfinished.</summary>
    public int Limit { get; init; } = 20_000_000;
}

/// <summary>Where a search begins.</summary>
internal enum Beginning
{
    /// <summary>Machine 0 holds epoch 1 and signs.</summary>
    Enrolled,

    /// <summary>Machine 0 held 1, machine 1 held 3, and machine 0 holds 5 now.</summary>
    Returned,

    /// <summary>Machine 0 holds epoch 1, which allows machine 1 offline too.</summary>
    Standby,
}
