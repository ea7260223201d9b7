namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>What RB-DR-001 can do for a node, the cheapest first.</summary>
public static class Cures
{
    /// <summary>The cheapest that fits what was found, then the next.</summary>
    public const string Auto = "auto";

    /// <summary>Stop what is left of it and start it on the data that it has.</summary>
    public const string Restart = "restart";

    /// <summary>Start it on an empty data folder: it takes a snapshot of the state from its peers, checked by a light client.</summary>
    public const string StateSync = "statesync";

    /// <summary>Replace its data by the newest proven backup.</summary>
    public const string Restore = "restore";

    /// <summary>Another host takes its place: the node that the estate names as its standby.</summary>
    public const string Standby = "standby";

    /// <summary>All that may be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Restart, StateSync, Restore, Standby];
}
