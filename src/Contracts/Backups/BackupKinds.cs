namespace VirtEngine.DR.Contracts.Backups;

/// <summary>The kinds of backups, as they stand in keys and estates.</summary>
public static class BackupKinds
{
    /// <summary>A node's databases, WAL and extras of one instant.</summary>
    public const string ChainState = "chain-state";

    /// <summary>A provider daemon's state files.</summary>
    public const string ProviderState = "provider-state";

    /// <summary>Configuration, without secrets.</summary>
    public const string Configuration = "configuration";

    /// <summary>A copy for analysis: evidence, never restored, never pruned. It is not among <see cref="All"/>, which are the backups.</summary>
    public const string Forensic = "forensic";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [ChainState, ProviderState, Configuration];
}
