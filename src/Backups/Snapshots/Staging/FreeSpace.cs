namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>Watches the staging file system: links pin what the node deletes, and a full disk stops the node.</summary>
/// <param name="folder">A folder on it.</param>
/// <param name="floor">The least share that must be free.</param>
/// <param name="measure">Tells the free share of a folder's file system.</param>
internal sealed class FreeSpace(string folder, double floor, Func<string, double>? measure)
{
    /// <summary>True when less than the floor is free.</summary>
    public bool Low => Share < floor;

    /// <summary>The error for it.</summary>
    public SnapshotException Error => new(
        SnapshotErrors.DiskLow, $"only {Share:P1} of the file system of '{folder}' is free, the floor is {floor:P1}: staging was dropped; make room or lower the floor");

    private double Share => (measure ?? Measure)(folder);

    /// <summary>Throws when less than the floor is free.</summary>
    public void Demand()
    {
        if (Low)
        {
            throw Error;
        }
    }

    private static double Measure(string folder)
    {
        var drive = new DriveInfo(folder);
        return (double)drive.AvailableFreeSpace / Math.Max(1, drive.TotalSize);
    }
}
