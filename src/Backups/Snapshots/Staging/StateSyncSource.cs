using System.Globalization;
using System.Security.Cryptography;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>The Cosmos SDK's snapshot store of a node that may be running.</summary>
internal sealed class StateSyncSource(NodeLayout layout, string folder, AttemptFolder attempt)
{
    private string Metadata => Path.Combine(folder, "metadata.db");

    /// <summary>Links the chunks and copies the describing database.</summary>
    /// <param name="wanted">The height; zero is the newest complete one.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The files, or null when the store changed meanwhile.</returns>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.NoStateSyncSnapshot"/>.</exception>
    public IReadOnlyList<CapturedFile>? TryTake(long wanted, CancellationToken cancellationToken)
    {
        var before = Listing(Metadata);
        if (before is null)
        {
            throw None(wanted, "the node keeps no state-sync snapshots ([state-sync] snapshot-interval in app.toml)");
        }

        Reset();
        var files = new List<CapturedFile>();
        foreach (var file in Directory.EnumerateFiles(Metadata).Where(path => Path.GetFileName(path) != "LOCK"))
        {
            try
            {
                files.Add(Copy(file));
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }

        // Copied file by file, the database is of one instant only if it did not change from the first to the last.
        if (!before.SequenceEqual(Listing(Metadata) ?? []))
        {
            return null;
        }

        var described = files.Select(file => File.ReadAllBytes(file.Source)).ToList();
        foreach (var (height, path) in Candidates().Where(candidate => wanted == 0 || candidate.Height == wanted))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Chunks(path) is { Count: > 0 } chunks && Complete(chunks, described))
            {
                files.AddRange(chunks);
                return files;
            }
        }

        throw None(wanted, "none of the folders holds every chunk that the snapshot database describes");
    }

    /// <summary>
    /// The SDK describes a snapshot only once it is complete, by the hash over all its chunks and by each chunk's: all of them must stand
    /// in the database's files. They are random bytes, which no compression changes.
    /// </summary>
    private static bool Complete(IReadOnlyList<CapturedFile> chunks, IReadOnlyList<byte[]> described)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in chunks)
        {
            var bytes = File.ReadAllBytes(chunk.Source);
            all.AppendData(bytes);
            if (!Stands(SHA256.HashData(bytes)))
            {
                return false;
            }
        }

        return Stands(all.GetHashAndReset());

        bool Stands(byte[] hash) => described.Any(file => file.AsSpan().IndexOf(hash) >= 0);
    }

    private static SnapshotException None(long wanted, string why) => new(
        SnapshotErrors.NoStateSyncSnapshot, $"there is no complete state-sync snapshot{(wanted == 0 ? "" : $" at height {wanted}")}: {why}");

    /// <summary>What would show a change: names, inodes, sizes and times. Null when there is no such folder.</summary>
    private static List<(string Name, FileStat Stat)>? Listing(string path)
    {
        using var open = OpenFolder.Root(path);
        return open is null ? null : [.. FolderListing.Of(open)
            .Select(entry => (Name: System.Text.Encoding.UTF8.GetString(entry.Name[..^1]), Read: FileStat.TryRead(open.File, entry.Name, out var stat), Stat: stat))
            .Where(entry => entry.Read && entry.Name != "LOCK").Select(entry => (entry.Name, entry.Stat)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    private void Reset()
    {
        Directory.Delete(attempt.Files, recursive: true);
        Directory.CreateDirectory(attempt.Files);
    }

    /// <summary>Folders HEIGHT/FORMAT, the newest first.</summary>
    private IEnumerable<(long Height, string Path)> Candidates() => Directory.EnumerateDirectories(folder)
        .Select(path => (Height: long.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var height) ? height : -1, Path: path))
        .Where(candidate => candidate.Height > 0).OrderByDescending(candidate => candidate.Height)
        .SelectMany(candidate => Directory.EnumerateDirectories(candidate.Path).Select(format => (candidate.Height, format)));

    private string Target(string path)
    {
        var target = Path.Combine(attempt.Files, Path.GetRelativePath(layout.Home, path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    private CapturedFile Copy(string path)
    {
        var target = Target(path);
        using (var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var to = new FileStream(target, FileMode.CreateNew))
        {
            from.CopyTo(to);
        }

        return Captured(path, target, linked: false);
    }

    /// <summary>Every chunk, linked in the order of its number; null when one vanished or the numbers have a gap.</summary>
    private List<CapturedFile>? Chunks(string path)
    {
        var chunks = new List<CapturedFile>();
        for (var number = 0; ; number++)
        {
            var chunk = Path.Combine(path, number.ToString(CultureInfo.InvariantCulture));
            if (!File.Exists(chunk))
            {
                return number == Directory.EnumerateFiles(path).Count() ? chunks : null;
            }

            chunks.Add(Captured(chunk, Link(chunk), linked: true));
        }
    }

    private unsafe string Link(string path)
    {
        var target = Target(path);
        fixed (byte* from = OpenFolder.Name(path))
        fixed (byte* to = OpenFolder.Name(target))
        {
            return Posix.Link(Posix.AtCurrentFolder, from, Posix.AtCurrentFolder, to, 0) == 0 ? target : throw new SnapshotException(
                SnapshotErrors.LinkRefused, $"a hard link from '{path}' to '{target}' is refused (errno {Posix.Error}): put staging on the same mount");
        }
    }

    private CapturedFile Captured(string path, string target, bool linked) =>
        FileStat.TryRead(Posix.AtCurrentFolder, OpenFolder.Name(target), out var stat) && stat.Regular
            ? new CapturedFile(
                new SnapshotFile(Path.GetRelativePath(layout.Home, path), stat.Size, stat.Permissions, linked, linked ? stat.Identity : null, ContentFormat.Opaque), target)
            : throw new SnapshotException(SnapshotErrors.StagingRaced, $"'{path}' vanished or is no regular file");
}
