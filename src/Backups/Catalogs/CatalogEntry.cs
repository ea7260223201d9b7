using VirtEngine.DR.Backups.Verification;

namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>One backup over all regions.</summary>
/// <param name="Scope">Chain, node and kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Key">The manifest's key, the same in every region.</param>
/// <param name="Digest">SHA-256 of the manifest, null when no copy could be verified.</param>
/// <param name="Height">By the id.</param>
/// <param name="TakenAt">By the id.</param>
/// <param name="Files">Files, 0 when no copy could be verified.</param>
/// <param name="PlainBytes">Plain size in bytes.</param>
/// <param name="AppHash">As signed.</param>
/// <param name="BinaryVersion">As signed.</param>
/// <param name="Copies">Each region that has it.</param>
/// <param name="Rungs">Every record that fits the digest, oldest first.</param>
public sealed record CatalogEntry(
    BackupScope Scope,
    BackupId Id,
    string Key,
    string? Digest,
    long Height,
    DateTimeOffset TakenAt,
    int Files,
    long PlainBytes,
    string? AppHash,
    string? BinaryVersion,
    IReadOnlyList<CatalogCopy> Copies,
    IReadOnlyList<RungRecord> Rungs)
{
    /// <summary>Whether a copy's signature is valid.</summary>
    public bool Valid => Digest is not null;

    /// <summary>Proven, and no later rung failed.</summary>
    public bool Proven => RungState.IsProven(Rungs);

    /// <summary>The highest rung whose newest record passed; null when none did.</summary>
    public Rung? HighestRung => RungState.Highest(Rungs);
}
