namespace VirtEngine.DR.Backups.Restoring;

/// <summary>How a restore is staged.</summary>
/// <param name="Parallelism">Objects in flight at once; each holds about 8 MiB.</param>
/// <param name="BytesPerSecond">Limit of what is downloaded; 0 is none.</param>
/// <param name="SpareBytes">Must stay free on the target besides the backup's size.</param>
/// <param name="PathPrefixes">Only files below these ('/'-separated); null is all.</param>
public sealed record RestoreOptions(
    int Parallelism = 6, long BytesPerSecond = 0, long SpareBytes = 64L << 20, IReadOnlyList<string>? PathPrefixes = null)
{
    /// <summary>The folder is a scratch one that no node ever sees: evidence may be rebuilt there.</summary>
    public bool Evidence { get; init; }
}
