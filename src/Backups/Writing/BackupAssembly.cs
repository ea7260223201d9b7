using System.Collections.Concurrent;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Collects where each file's bytes went, in whatever order the workers finish, and makes the manifest's lists of it.</summary>
internal sealed class BackupAssembly
{
    private const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private readonly ConcurrentDictionary<string, string> _digests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Path, int Chunk), Piece> _pieces = new();

    /// <summary>The whole file's digest.</summary>
    public void SetDigest(SnapshotFile file, string sha256) => _digests[file.Path] = sha256;

    /// <summary>A stretch of a file.</summary>
    public void Add(SnapshotFile file, int chunk, UploadedObject item, int offset, int length) => _pieces[(file.Path, chunk)] = new Piece(item, offset, length);

    /// <summary>The objects of one file, in order.</summary>
    public IReadOnlyList<UploadedObject> ObjectsOf(SnapshotFile file) => [.. PiecesOf(file).Select(piece => piece.Object)];

    /// <summary>The digest of one file.</summary>
    public string DigestOf(SnapshotFile file) => file.Size == 0 ? Empty : _digests[file.Path];

    /// <summary>The manifest's files and objects, each object once.</summary>
    public (IReadOnlyList<ManifestFile> Files, IReadOnlyList<ManifestObject> Objects) Build(IReadOnlyList<SnapshotFile> files)
    {
        var objects = new List<ManifestObject>();
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new List<ManifestFile>(files.Count);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var parts = new List<FilePart>();
            foreach (var (item, offset, length) in PiecesOf(file))
            {
                if (!indexes.TryGetValue(item.Key, out var index))
                {
                    index = objects.Count;
                    indexes.Add(item.Key, index);
                    objects.Add(new ManifestObject(item.Key, item.Sha256, item.Size, item.Stored));
                }

                parts.Add(new FilePart(length, index, offset));
            }

            entries.Add(new ManifestFile((int)file.Mode & 0x1FF, parts, file.Path, DigestOf(file), file.Size));
        }

        return (entries, objects);
    }

    private IEnumerable<Piece> PiecesOf(SnapshotFile file)
    {
        for (var chunk = 0; _pieces.TryGetValue((file.Path, chunk), out var piece); chunk++)
        {
            yield return piece;
        }
    }

    private sealed record Piece(UploadedObject Object, int Offset, int Length);
}
