using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>A piece of work for one upload: a whole file, a chunk of a large one (already read), or a pack of small ones (already read).</summary>
/// <param name="Files">The file, or the pack's files.</param>
/// <param name="Chunk">Which chunk of a large file; 0 otherwise.</param>
/// <param name="Buffer">What was read; null for a whole file, which the worker reads.</param>
/// <param name="Length">Of what was read.</param>
internal sealed record WorkItem(IReadOnlyList<SnapshotFile> Files, int Chunk, byte[]? Buffer, int Length);
