using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Backups.Indexing;

/// <summary>A table that was read before: who it was, and where its bytes went.</summary>
internal sealed record KnownTable(string Path, long Size, FileIdentity Identity, string Sha256, IReadOnlyList<UploadedObject> Objects);
