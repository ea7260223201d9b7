namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The chain of an estate.</summary>
public sealed record ChainSpec
{
    /// <summary>The chain id, such as <c>virtengine-1</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The usual time between blocks.</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node further behind its references than this is not healthy (blocks).</summary>
    public int MaxLagBlocks { get; init; } = 5;

    /// <summary>A latest block older than this means a halted or stale node.</summary>
    public TimeSpan MaxBlockAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a light client may trust validators: at most about two thirds of the unbonding time.</summary>
    public TimeSpan TrustPeriod { get; init; } = TimeSpan.FromHours(168);

    /// <summary>The command templates of the node's binary.</summary>
    public CommandProfile Commands { get; init; } = new();
}

/// <summary>Argument templates of the node's binary; <c>{home}</c> is replaced. Probed by <c>--help</c> before a plan relies on one.</summary>
public sealed record CommandProfile
{
    /// <summary>The program.</summary>
    public string Binary { get; init; } = "virtengine";

    /// <summary>Starts the node.</summary>
    public IReadOnlyList<string> Start { get; init; } = ["start", "--home", "{home}"];

    /// <summary>Prints the version.</summary>
    public IReadOnlyList<string> Version { get; init; } = ["version"];

    /// <summary>Makes a fresh home with new keys.</summary>
    public IReadOnlyList<string> Init { get; init; } = ["init", "{moniker}", "--chain-id", "{chain}", "--home", "{home}"];

    /// <summary>Undoes one height of a stopped node and keeps its block.</summary>
    public IReadOnlyList<string> Rollback { get; init; } = ["rollback", "--home", "{home}"];

    /// <summary>Undoes one height of a stopped node and its block.</summary>
    public IReadOnlyList<string> RollbackHard { get; init; } = ["rollback", "--hard", "--home", "{home}"];
}
