namespace VirtEngine.DR.Backups.Manifests;

/// <summary>One stored object: a single zstd frame (inside an encrypted envelope where the backup is encrypted).</summary>
/// <param name="Key">Below the node's prefix <c>chain/node/</c>.</param>
/// <param name="Sha256">Of the plain bytes, lower-case hex.</param>
/// <param name="Size">Plain bytes; bounds decompression.</param>
/// <param name="Stored">Bytes in the store.</param>
public sealed record ManifestObject(string Key, string Sha256, int Size, int Stored);
