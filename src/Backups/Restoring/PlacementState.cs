namespace VirtEngine.DR.Backups.Restoring;

/// <summary>How a file of a configuration backup stands to the one at its place.</summary>
public enum PlacementState
{
    /// <summary>The same bytes lie there.</summary>
    Same,

    /// <summary>Nothing lies there.</summary>
    Missing,

    /// <summary>Something else lies there.</summary>
    Differs,

    /// <summary>It is never written there, see the reason.</summary>
    Refused,
}
