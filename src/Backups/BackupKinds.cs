namespace VirtEngine.DR.Backups;

/// <summary>The kinds of backups that the plan asks for.</summary>
public static class BackupKinds
{
    /// <summary>The databases of a node, of one instant.</summary>
    public const string ChainState = "chain-state";

    /// <summary>The provider daemon's checkpoints and queues.</summary>
    public const string ProviderState = "provider-state";

    /// <summary>Configuration files and the genesis.</summary>
    public const string Configuration = "configuration";

    /// <summary>A stopped node as it was found, for analysis: with its signing state, and therefore never restored.</summary>
    public const string Forensic = "forensic";
}
