namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Finds the snapshotter of a method's name.</summary>
public static class SnapshotterFactory
{
    /// <summary>The methods that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["frozen", "stopped", "state-sync"];

    /// <summary>Makes the snapshotter of a method.</summary>
    /// <exception cref="ArgumentException">The method is none of <see cref="Methods"/>.</exception>
    public static ISnapshotter Create(string method) => method switch
    {
        "frozen" => new FrozenSnapshotter(),
        "stopped" => new StoppedSnapshotter(),
        "state-sync" => new StateSyncSnapshotter(),
        _ => throw new ArgumentException($"unknown snapshot method '{method}'; allowed: {string.Join(", ", Methods)}", nameof(method)),
    };
}
