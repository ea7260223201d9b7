namespace VirtEngine.DR.Backups.Writing;

/// <summary>What is known about a backup besides its files.</summary>
/// <param name="Scope">Chain, node and kind.</param>
/// <param name="Region">Where the node is.</param>
/// <param name="Height">The height that the node was seen at before the instant; 0 where there is none.</param>
/// <param name="AppHash">The application hash after that height, where known.</param>
/// <param name="BlockTime">That block's time, where known.</param>
/// <param name="DatabaseKind"><c>goleveldb</c>, <c>pebbledb</c> …</param>
/// <param name="BinaryVersion">The node binary's version.</param>
/// <param name="AppVersion">The application's version.</param>
/// <param name="Parent">The backup before it.</param>
/// <param name="Id">Chosen beforehand, so that a second attempt of the same backup is the same backup; else a fresh one.</param>
public sealed record BackupDescription(
    BackupScope Scope,
    string Region,
    long Height = 0,
    string? AppHash = null,
    DateTimeOffset? BlockTime = null,
    string? DatabaseKind = null,
    string? BinaryVersion = null,
    string? AppVersion = null,
    BackupId? Parent = null,
    BackupId? Id = null)
{
    /// <summary>The snapshot's paths begin with a root (<see cref="Manifests.ManifestRoots"/>): the manifest is of format 2.</summary>
    public bool Rooted { get; init; }
}
