namespace VirtEngine.DR.Backups.Verification;

/// <summary>How far a backup has been verified.</summary>
public enum Rung
{
    /// <summary>Manifest, signature, and every object with its size.</summary>
    Listed = 1,

    /// <summary>Objects downloaded and hashed.</summary>
    Read = 2,

    /// <summary>All files rebuilt in a scratch folder and compared.</summary>
    Restored = 3,

    /// <summary>Opened, and a node started on it that matched an independent reference.</summary>
    Proven = 4,
}
