namespace VirtEngine.DR.Backups.Manifests;

/// <summary>A stretch of a file inside the plain bytes of an object.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Object">Index into the manifest's objects.</param>
/// <param name="Offset">Where it begins in the object's plain bytes.</param>
public sealed record FilePart(int Length, int Object, int Offset);
