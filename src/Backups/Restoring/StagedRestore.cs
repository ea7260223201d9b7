using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A folder whose file set equals a manifest's, every file and folder fsynced.</summary>
/// <param name="Folder">Absolute path, mode 0700.</param>
/// <param name="Manifest">The verified manifest.</param>
/// <param name="Digest">SHA-256 of the manifest's stored bytes.</param>
/// <param name="BytesDownloaded">Stored bytes fetched by this call.</param>
/// <param name="BytesResumed">Plain bytes that were there and right already.</param>
public sealed record StagedRestore(string Folder, Manifest Manifest, string Digest, long BytesDownloaded, long BytesResumed);
