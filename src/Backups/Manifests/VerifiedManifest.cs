namespace VirtEngine.DR.Backups.Manifests;

/// <summary>A manifest whose signature was verified before it was parsed, and whose signed fields equal its key.</summary>
/// <param name="Manifest">The content.</param>
/// <param name="Key">Its key in the repository.</param>
/// <param name="Id">Its id.</param>
/// <param name="Digest">SHA-256 of the stored bytes, lower-case hex.</param>
/// <param name="SignedBy">The id of the key whose signature was accepted.</param>
/// <param name="LastModified">By the bucket's clock.</param>
public sealed record VerifiedManifest(Manifest Manifest, string Key, BackupId Id, string Digest, string SignedBy, DateTimeOffset LastModified);
