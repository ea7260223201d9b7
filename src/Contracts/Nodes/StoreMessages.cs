namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>What a stopped node's stores hold.</summary>
public sealed record NodeStores
{
    /// <summary>When they were read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The block store (<c>blockstore.db</c>): blocks from its base to its height.</summary>
    public required StoreHeight Blocks { get; init; }

    /// <summary>The state store (<c>state.db</c>): the last block that was executed, and the app hash after it.</summary>
    public required StoreHeight State { get; init; }

    /// <summary>The application's store (<c>application.db</c>): its latest version.</summary>
    public required StoreHeight Application { get; init; }

    /// <summary>All three are known and of one height.</summary>
    public bool Agree => Blocks.Height is { } height && State.Height == height && Application.Height == height;
}

/// <summary>The height of one store.</summary>
/// <param name="Height">The height; 0 only where the store says so; null where it is unknown.</param>
/// <param name="Unknown">Why it is unknown; null where it is known.</param>
public sealed record StoreHeight(long? Height, string? Unknown)
{
    /// <summary>For blocks: the first one.</summary>
    public long? Base { get; init; }

    /// <summary>For the state: the app hash after <see cref="Height"/>, upper-case hex; the header at the next height carries it.</summary>
    public string? AppHash { get; init; }
}

/// <summary>What a check of a node's databases found.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Databases">Each database folder, and the consensus WAL.</param>
public sealed record StoreCheck(DateTimeOffset At, IReadOnlyList<DatabaseCheck> Databases)
{
    /// <summary>Nothing is torn and everything could be checked.</summary>
    public bool Sound => Databases.All(one => one.Findings.Count == 0 && one.Unchecked is null);
}

/// <summary>What a check of one database found.</summary>
/// <param name="Name">Its folder, relative to the home (<c>data/state.db</c>).</param>
/// <param name="Files">Files that were read.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Findings">What is torn, a file each. Bounded; the last one says how many more.</param>
/// <param name="Unchecked">Why it could not be checked (a database of another kind); null where it was.</param>
public sealed record DatabaseCheck(string Name, int Files, long Bytes, IReadOnlyList<StoreFinding> Findings, string? Unchecked);

/// <summary>Something torn.</summary>
/// <param name="File">Relative to the home.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record StoreFinding(string File, string What);
