using VirtEngine.DR.Backups.Objects;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>An object that a file's part lies in. Packs have no content name; their key says all.</summary>
internal sealed record UploadedObject(string Key, ObjectName? Name, string Sha256, int Size, int Stored);
