using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>A committed backup.</summary>
/// <param name="Manifest">Its content.</param>
/// <param name="Key">The manifest's key in the repository.</param>
/// <param name="Id">Its id.</param>
/// <param name="Digest">SHA-256 of the manifest's stored bytes, lower-case hex.</param>
/// <param name="BytesRead">Plain bytes read from the source.</param>
/// <param name="BytesUploaded">Bytes sent to the store.</param>
/// <param name="BytesReused">Plain bytes whose objects were there already.</param>
/// <param name="Duration">From the call to the commit.</param>
public sealed record BackupResult(
    Manifest Manifest, string Key, BackupId Id, string Digest, long BytesRead, long BytesUploaded, long BytesReused, TimeSpan Duration);
