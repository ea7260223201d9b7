namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Which way a swap goes.</summary>
internal enum SwapDirection
{
    /// <summary>The staged folders come in.</summary>
    Forward,

    /// <summary>The kept ones come back.</summary>
    Back,
}
