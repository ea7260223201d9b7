using System.Security.Cryptography;
using System.Text;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Backups.Captures;

/// <summary>The folder of one staged capture: <c>files/</c> as of the instant, and <c>capture.json</c>, written last.</summary>
internal sealed class CaptureFolder
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);
    private readonly NodeHome _home;

    private CaptureFolder(NodeHome home, string path) => (_home, Path) = (home, path);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The files as of the instant.</summary>
    public string Files => System.IO.Path.Combine(Path, "files");

    /// <summary>The attempt's id.</summary>
    public string Attempt => System.IO.Path.GetFileName(Path);

    private string IndexPath => System.IO.Path.Combine(Path, "capture.json");

    /// <summary>The folder of an attempt: one key, one folder.</summary>
    public static CaptureFolder Of(NodeHome home, StepKey key) =>
        new(home, System.IO.Path.Combine(Root(home), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..24]));

    /// <summary>The folder that a receipt names; one outside our own is refused, since it will be deleted.</summary>
    public static CaptureFolder Of(NodeHome home, string staging)
    {
        var full = System.IO.Path.GetFullPath(staging);
        return System.IO.Path.GetDirectoryName(full) == Root(home)
            ? new CaptureFolder(home, full)
            : throw Failures.Invalid([$"capture.staging is '{staging}'; it must be a folder directly in '{Root(home)}'"]);
    }

    /// <summary>Drops what killed attempts and forgotten runs left. Only under the home's lock.</summary>
    public static void DropLeftovers(NodeHome home)
    {
        if (!Directory.Exists(Root(home)))
        {
            return;
        }

        foreach (var path in Directory.GetDirectories(Root(home)))
        {
            var folder = new CaptureFolder(home, path);
            if (!File.Exists(folder.IndexPath) || File.GetLastWriteTimeUtc(folder.IndexPath) < DateTime.UtcNow - Forgotten)
            {
                folder.Drop();
            }
        }
    }

    /// <summary>The index; null when the capture did not get that far.</summary>
    public CaptureIndex? ReadIndex()
    {
        try
        {
            return DurableFile.ReadJson<CaptureIndex>(IndexPath);
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.Discarded, e.Message, e);
        }
    }

    /// <summary>Makes the capture count.</summary>
    public void WriteIndex(CaptureIndex index) => DurableFile.WriteJson(IndexPath, index);

    /// <summary>
    /// Takes the snapshot's files over, so that they outlive this process: by renaming the folder that holds them where the snapshot
    /// keeps them as files, else by copying what it reads.
    /// </summary>
    public async Task AdoptAsync(ISnapshot snapshot, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (FindRoot(System.IO.Path.Combine(_home.BackupStaging, Attempt), snapshot) is { } root)
        {
            Directory.Move(root, Files);
            return;
        }

        Directory.CreateDirectory(Files);
        foreach (var file in snapshot.Files)
        {
            var target = System.IO.Path.Combine(Files, file.Path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            var source = snapshot.Open(file);
            await using (source.ConfigureAwait(false))
            {
                var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                await using (copy.ConfigureAwait(false))
                {
                    await source.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Removes the folder; links in it are only names of the node's files.</summary>
    public void Drop()
    {
        if (Directory.Exists(Path))
        {
            // The index goes first: from then on the rest is a leftover.
            DurableFile.Delete(IndexPath);
            Directory.Delete(Path, recursive: true);
        }
    }

    private static string Root(NodeHome home) => home.Captures;

    private static string? FindRoot(string folder, ISnapshot snapshot)
    {
        if (!Directory.Exists(folder) || snapshot.Files.Count == 0)
        {
            return null;
        }

        string[] candidates = [folder, .. Directory.GetDirectories(folder)];
        return Array.Find(candidates, candidate => snapshot.Files.All(file =>
            new FileInfo(System.IO.Path.Combine(candidate, file.Path)) is { Exists: true } found && found.Length >= file.Size));
    }
}
