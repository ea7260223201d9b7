namespace VirtEngine.DR.Contracts;

/// <summary>The workflow types as they are typed in the Temporal UI and CLI.</summary>
public static class WorkflowTypes
{
    /// <summary>RB-DR-001, single node failure.</summary>
    public const string NodeFailure = "RB-DR-001";

    /// <summary>RB-DR-002, zone failover.</summary>
    public const string ZoneFailover = "RB-DR-002";

    /// <summary>Brings home what RB-DR-002 sent away.</summary>
    public const string ZoneFailback = "ZoneFailback";

    /// <summary>RB-DR-004, data corruption.</summary>
    public const string DataCorruption = "RB-DR-004";

    /// <summary>RB-DR-006, backup restore.</summary>
    public const string BackupRestore = "RB-DR-006";

    /// <summary>Moves the right to sign for a validator to another node's host.</summary>
    public const string SignerMove = "SignerMove";

    /// <summary>Backs up a node's chain state.</summary>
    public const string BackupChainState = "BackupChainState";

    /// <summary>Backs up a provider daemon's state.</summary>
    public const string BackupProviderState = "BackupProviderState";

    /// <summary>Backs up configuration and genesis.</summary>
    public const string BackupConfiguration = "BackupConfiguration";

    /// <summary>Climbs the verification ladder for the newest backups.</summary>
    public const string VerifyBackups = "VerifyBackups";

    /// <summary>Applies the retention rules.</summary>
    public const string PruneBackups = "PruneBackups";

    /// <summary>Tells of schedules that were missed, are overdue, paused or not there.</summary>
    public const string CheckSchedules = "CheckSchedules";

    /// <summary>Keeps heights and hashes that several RPCs agree on, signed, in every region.</summary>
    public const string TrustAnchors = "TrustAnchors";

    /// <summary>Lists and deletes the former data that restores kept.</summary>
    public const string KeptData = "KeptData";

    /// <summary>The lock of one target; ends only by its holder's release.</summary>
    public const string Lock = "Lock";

    /// <summary>Pages one person after the other while a run has not proven health.</summary>
    public const string Escalation = "Escalation";

    /// <summary>Reminds people of what they owe after a run, until it is done.</summary>
    public const string Aftermath = "Aftermath";
}
