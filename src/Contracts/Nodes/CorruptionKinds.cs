namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>What is said to be corrupt, as the plan names it.</summary>
public static class CorruptionKinds
{
    /// <summary>The state: its app hash is not the chain's.</summary>
    public const string State = "state";

    /// <summary>The databases: torn tables, journals or logs.</summary>
    public const string Database = "database";

    /// <summary>The configuration.</summary>
    public const string Config = "config";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [State, Database, Config];
}
