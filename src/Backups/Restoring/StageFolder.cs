using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>The folder that a restore is staged in: made of the manifest's files and nothing else.</summary>
internal sealed class StageFolder(string folder, Manifest manifest) : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private SafeFileHandle? _root;

    public Manifest Manifest => manifest;

    /// <summary>Makes the folders, and removes what does not belong there: a left-over journal would be replayed by the node.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(folder, Private);
        File.SetUnixFileMode(folder, Private);

        // Opened before the first write: a write-back that fails later is then reported at the end.
        _root = LinuxFiles.OpenFolder(folder);
        var files = manifest.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var folders = manifest.Files.SelectMany(file => Folders(file.Path)).ToHashSet(StringComparer.Ordinal);
        RemoveForeign(new DirectoryInfo(folder), string.Empty, files, folders);
        foreach (var path in folders.OrderBy(path => path.Length))
        {
            Directory.CreateDirectory(Full(path), Private);
        }
    }

    /// <summary>What is not there or not right.</summary>
    public async Task<MissingParts> FindMissingAsync(int parallelism, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentBag<MissingPart>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(manifest.Files, parallel, async (file, token) =>
        {
            var parts = await MissingOfAsync(file, token).ConfigureAwait(false);
            foreach (var part in parts)
            {
                missing.Add(part);
            }

            _open[file.Path] = parts.Count;
            if (parts.Count == 0)
            {
                Complete(file);
            }
        }).ConfigureAwait(false);
        return new MissingParts(
            missing.GroupBy(part => part.Part.Object).ToDictionary(group => group.Key, group => group.ToList()), missing.Sum(part => (long)part.Part.Length));
    }

    /// <summary>Writes a stretch; the last one of a file gives it its length and mode.</summary>
    public void Write(MissingPart part, ReadOnlySpan<byte> bytes)
    {
        using (var handle = File.OpenHandle(Full(part.File.Path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, FileOptions.None))
        {
            RandomAccess.Write(handle, bytes, part.FileOffset);
            LinuxFiles.StartWriteBack(handle);
            if (part.File.Parts.Count == 1)
            {
                // One stretch is the whole file: no need to open it a second time.
                CompleteHandle(handle, part.File);
                return;
            }
        }

        if (_open.AddOrUpdate(part.File.Path, 0, (_, left) => left - 1) == 0)
        {
            Complete(part.File);
        }
    }

    /// <summary>Compares the folder's file set with the manifest's and makes every file and folder durable, resumed ones too.</summary>
    public void Finish()
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            found[Path.GetRelativePath(folder, file.FullName)] = file.LinkTarget is null ? file.Length : -1;
        }

        var problems = manifest.Files.Where(file => !found.Remove(file.Path, out var size) || size != file.Size).Select(file => $"{file.Path} is missing or of another size")
            .Concat(found.Keys.Select(path => $"{path} does not belong there")).ToList();
        if (problems.Count > 0)
        {
            throw new BackupException(BackupErrorCodes.StagingMismatch, $"{folder} is not what the manifest says: {string.Join("; ", problems.Take(5))}. Stage again; what is right is kept");
        }

        // One call for all: who wrote a resumed file may not have come to its fsync, and an fsync a file costs a journal commit each.
        LinuxFiles.SyncFileSystem(_root ?? throw new InvalidOperationException("the folder was not prepared"), folder);
        LinuxFiles.SyncFolder(folder);
        LinuxFiles.SyncFolder(Path.GetDirectoryName(folder)!);
    }

    /// <inheritdoc />
    public void Dispose() => _root?.Dispose();

    private string Full(string path) => Path.Combine(folder, path);

    private static IEnumerable<string> Folders(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static void RemoveForeign(DirectoryInfo current, string prefix, HashSet<string> files, HashSet<string> folders)
    {
        foreach (var entry in current.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (entry is DirectoryInfo inner && entry.LinkTarget is null)
            {
                if (folders.Contains(path))
                {
                    RemoveForeign(inner, path + "/", files, folders);
                }
                else
                {
                    inner.Delete(recursive: true);
                }
            }
            else if (entry.LinkTarget is not null || !files.Contains(path))
            {
                entry.Delete();
            }
        }
    }

    private async Task<List<MissingPart>> MissingOfAsync(ManifestFile file, CancellationToken cancellationToken)
    {
        var all = new List<MissingPart>();
        long offset = 0;
        foreach (var part in file.Parts)
        {
            all.Add(new MissingPart(file, part, offset));
            offset += part.Length;
        }

        var info = new FileInfo(Full(file.Path));
        if (!info.Exists)
        {
            return Fresh(file, all);
        }

        if (info.Length == file.Size && await DigestAsync(info.FullName, 0, file.Size, cancellationToken).ConfigureAwait(false) == file.Sha256)
        {
            return [];
        }

        if (all.Count < 2 || info.Length > file.Size)
        {
            info.Delete();
            return Fresh(file, all);
        }

        // A large file that was cut off: each stretch that is a whole object can be checked by itself.
        var missing = new List<MissingPart>();
        foreach (var part in all)
        {
            var item = manifest.Objects[part.Part.Object];
            if (part.Part.Length != item.Size || part.FileOffset + part.Part.Length > info.Length
                || await DigestAsync(info.FullName, part.FileOffset, part.Part.Length, cancellationToken).ConfigureAwait(false) != item.Sha256)
            {
                missing.Add(part);
            }
        }

        // All stretches fit and the whole does not: the manifest contradicts itself, or they were read from elsewhere. Fetch all.
        return missing.Count == 0 ? all : missing;
    }

    private List<MissingPart> Fresh(ManifestFile file, List<MissingPart> all)
    {
        if (file.Size == 0)
        {
            File.Create(Full(file.Path)).Dispose();
        }

        return all;
    }

    private static async Task<string> DigestAsync(string path, long offset, long length, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            while (length > 0)
            {
                var read = await RandomAccess.ReadAsync(handle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                hash.AppendData(buffer.AsSpan(0, read));
                offset += read;
                length -= read;
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Complete(ManifestFile file)
    {
        // A file may be read-only by its mode; then it has its size already, and syncing needs no right to write.
        var path = Full(file.Path);
        var access = new FileInfo(path).Length == file.Size ? FileAccess.Read : FileAccess.ReadWrite;
        using var handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);
        CompleteHandle(handle, file);
    }

    private static void CompleteHandle(SafeFileHandle handle, ManifestFile file)
    {
        if (RandomAccess.GetLength(handle) != file.Size)
        {
            RandomAccess.SetLength(handle, file.Size);
        }

        File.SetUnixFileMode(handle, (UnixFileMode)(file.Mode & 0x1FF));
    }
}
