namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>What RB-DR-004 can do for a node whose data is corrupt.</summary>
public static class Recoveries
{
    /// <summary>What the diagnosis calls for.</summary>
    public const string Auto = "auto";

    /// <summary>The node's own rollback: the state goes back, the blocks are executed again.</summary>
    public const string Rollback = "rollback";

    /// <summary>Replace all its databases by those of one instant: the newest proven backup at or below the good height.</summary>
    public const string Restore = "restore";

    /// <summary>For a damaged configuration, and only there: replace its files by those of the configuration backup.</summary>
    public const string Configuration = "configuration";

    /// <summary>All that may be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Rollback, Restore];
}
