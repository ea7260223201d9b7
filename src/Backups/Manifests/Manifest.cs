namespace VirtEngine.DR.Backups.Manifests;

/// <summary>
/// What a backup consists of. Members stand in ordinal order of their JSON names: that order is the canonical form, and the
/// signature covers exactly those bytes.
/// </summary>
/// <param name="AppHash">The application hash after <paramref name="Height"/>, upper-case hex, where it was known.</param>
/// <param name="AppVersion">The application's version.</param>
/// <param name="BinaryVersion">The node binary's version; a restore into another one is refused.</param>
/// <param name="BlockTime">The block's time, where known.</param>
/// <param name="Chain">Chain id; equals the key's.</param>
/// <param name="DatabaseKind"><c>goleveldb</c>, <c>pebbledb</c> …</param>
/// <param name="Files">Every file, in ordinal order of its path.</param>
/// <param name="Format">1, or where the paths begin with a root (<see cref="ManifestRoots"/>) 2 for configuration and 3 for evidence.</param>
/// <param name="Height">A lower bound of the height; equals the key's.</param>
/// <param name="Id">The backup's id; equals the key's.</param>
/// <param name="Instant">How the instant was taken.</param>
/// <param name="Kind">Equals the key's.</param>
/// <param name="Node">Equals the key's.</param>
/// <param name="Objects">Every object that the files' parts point to.</param>
/// <param name="Parent">The id of the backup before it, where one was known.</param>
/// <param name="Region">Where it was taken.</param>
/// <param name="Repository">The id of the repository that it was first written to.</param>
public sealed record Manifest(
    string? AppHash,
    string? AppVersion,
    string? BinaryVersion,
    DateTimeOffset? BlockTime,
    string Chain,
    string? DatabaseKind,
    IReadOnlyList<ManifestFile> Files,
    int Format,
    long Height,
    string Id,
    ManifestInstant Instant,
    string Kind,
    string Node,
    IReadOnlyList<ManifestObject> Objects,
    string? Parent,
    string Region,
    string Repository)
{
    /// <summary>The newest format that this program reads.</summary>
    public const int CurrentFormat = 3;

    /// <summary>What it is of.</summary>
    public BackupScope Scope() => new(Chain, Node, Kind);

    /// <summary>The plain size of all files in bytes.</summary>
    public long PlainBytes() => Files.Sum(file => file.Size);

    /// <summary>The stored size of all objects in bytes.</summary>
    public long StoredBytes() => Objects.Sum(item => item.Stored);
}
