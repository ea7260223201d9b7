using System.Security.Cryptography;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>
/// Puts what is missing in a node's home from a staged configuration backup. Nothing that is there is overwritten, nothing outside the home
/// is written, and no key, signing state or database ever comes from here.
/// </summary>
/// <param name="staged">The staged backup.</param>
/// <param name="home">The node's home, absolute.</param>
public sealed class ConfigurationPlacement(StagedRestore staged, string home)
{
    private const string Aside = ".virtengine-place-";
    private readonly string _home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));

    /// <summary>Called before each write: where a test is killed.</summary>
    internal static AsyncLocal<Action?> BeforeWrite { get; } = new();

    /// <summary>Every file with its place and how it stands to what lies there.</summary>
    public IReadOnlyList<PlacementEntry> Compare()
    {
        var layout = Layout();
        return [.. staged.Manifest.Files.Select(file => Look(file, layout))];
    }

    /// <summary>Puts one missing file in its place, durably; false when something lies there by now.</summary>
    /// <exception cref="BackupException"><c>secret-refused</c>, or <c>object-corrupt</c> when the staged file is not the manifest's.</exception>
    public bool Place(PlacementEntry entry)
    {
        if (!entry.InHome || entry.State == PlacementState.Refused)
        {
            throw new BackupException(BackupErrorCodes.SecretRefused, $"{entry.Target} is not written by a restore: {entry.Reason ?? "it lies outside the node's home"}");
        }

        var bytes = File.ReadAllBytes(StagedPath(entry.File));
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != entry.File.Sha256)
        {
            throw new ObjectCorruptException(entry.File.Path, $"{StagedPath(entry.File)} changed since it was staged: stage the backup again");
        }

        if (SecretRules.ByContent(bytes) is { } secret)
        {
            throw new BackupException(BackupErrorCodes.SecretRefused, $"{entry.File.Path} of the backup is not placed: {secret}");
        }

        var folder = Path.GetDirectoryName(entry.Target)!;
        LinuxFiles.CreateFolders(_home, folder);
        DropAside(folder);
        BeforeWrite.Value?.Invoke();
        var aside = Path.Combine(folder, Aside + Path.GetFileName(entry.Target));
        LinuxFiles.WriteDurably(aside, bytes);
        BeforeWrite.Value?.Invoke();
        File.SetUnixFileMode(aside, (UnixFileMode)(entry.File.Mode & 0x1FF) | UnixFileMode.UserRead);
        Ownership.Match(aside, like: _home);
        if (Path.Exists(entry.Target))
        {
            DropAside(folder);
            return false;
        }

        BeforeWrite.Value?.Invoke();
        LinuxFiles.MoveNew(aside, entry.Target);
        BeforeWrite.Value?.Invoke();
        LinuxFiles.SyncFolder(folder);
        for (var made = folder; made.Length > _home.Length; made = Path.GetDirectoryName(made)!)
        {
            Ownership.MatchOne(made, like: _home);
        }

        return true;
    }

    /// <summary>Takes a placed file away again when it is still what was placed; false when a person changed it. Folders that are empty then go too.</summary>
    public static bool TakeAway(string home, string relative, string sha256)
    {
        var path = Path.Combine(home, relative);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            return true;
        }

        DropAside(Path.GetDirectoryName(path)!);
        if (File.Exists(path) && Digest(path) != sha256)
        {
            return false;
        }

        BeforeWrite.Value?.Invoke();
        File.Delete(path);
        for (var folder = Path.GetDirectoryName(path)!; folder.Length > home.Length; folder = Path.GetDirectoryName(folder)!)
        {
            LinuxFiles.SyncFolder(folder);
            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                break;
            }

            Directory.Delete(folder);
        }

        LinuxFiles.SyncFolder(home);
        return true;
    }

    /// <summary>
    /// Puts one file in the place of another, which is kept; durably, and goes on from wherever an earlier call was killed: what was there is whole in its place or
    /// whole in the kept one before anything of it goes.
    /// </summary>
    /// <param name="entry">The file.</param>
    /// <param name="kept">Where the former one is kept.</param>
    public void Replace(PlacementEntry entry, string kept)
    {
        if (entry is { InHome: true, State: not PlacementState.Refused } && File.Exists(entry.Target) && Digest(entry.Target) != entry.File.Sha256)
        {
            Keep(entry.Target, kept);
            BeforeWrite.Value?.Invoke();
            File.Delete(entry.Target);
            LinuxFiles.SyncFolder(Path.GetDirectoryName(entry.Target)!);
        }

        Place(entry);
    }

    /// <summary>Puts the former file back where the new one is still what was put there, or is gone; false when a person changed it.</summary>
    public static bool PutBack(string home, string relative, string sha256, string kept)
    {
        var path = Path.Combine(home, relative);
        if (!File.Exists(kept))
        {
            // It was never kept: either nothing was there before, or nothing was touched yet.
            return !File.Exists(path) || Digest(path) != sha256 || TakeAway(home, relative, sha256);
        }

        if (File.Exists(path) && Digest(path) is var now && now != sha256)
        {
            return now == Digest(kept);
        }

        var folder = Path.GetDirectoryName(path)!;
        DropAside(folder);
        var aside = Path.Combine(folder, Aside + Path.GetFileName(path));
        BeforeWrite.Value?.Invoke();
        LinuxFiles.WriteDurably(aside, File.ReadAllBytes(kept));
        File.SetUnixFileMode(aside, File.GetUnixFileMode(kept));
        Ownership.Match(aside, like: home);
        BeforeWrite.Value?.Invoke();
        File.Move(aside, path, overwrite: true);
        LinuxFiles.SyncFolder(folder);
        return true;
    }

    private static void Keep(string target, string kept)
    {
        if (File.Exists(kept))
        {
            return;
        }

        var folder = Path.GetDirectoryName(kept)!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DropAside(folder);
        var aside = Path.Combine(folder, Aside + Path.GetFileName(kept));
        BeforeWrite.Value?.Invoke();
        LinuxFiles.WriteDurably(aside, File.ReadAllBytes(target));
        File.SetUnixFileMode(aside, File.GetUnixFileMode(target));
        BeforeWrite.Value?.Invoke();
        LinuxFiles.MoveNew(aside, kept);
        LinuxFiles.SyncFolder(folder);
    }

    /// <summary>What a killed call left beside the places.</summary>
    private static void DropAside(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder, Aside + "*"))
        {
            File.Delete(left);
        }
    }

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private PlacementEntry Look(ManifestFile file, NodeLayout layout)
    {
        var (inHome, relative) = ManifestRoots.Split(staged.Manifest, file.Path);
        var target = Path.GetFullPath(relative, inHome ? _home : "/");
        if (inHome && WhyNot(relative, layout) is { } reason)
        {
            return new PlacementEntry(file, inHome, target, PlacementState.Refused, reason);
        }

        if (Link(inHome ? _home : "/", relative) is { } link)
        {
            return inHome
                ? new PlacementEntry(file, inHome, target, PlacementState.Refused, $"{link} is a symbolic link, and links are not followed")
                : new PlacementEntry(file, inHome, target, PlacementState.Differs);
        }

        var state = !Path.Exists(target) ? PlacementState.Missing : File.Exists(target) && Same(target, file) ? PlacementState.Same : PlacementState.Differs;
        return new PlacementEntry(file, inHome, target, state);
    }

    private static bool Same(string target, ManifestFile file)
    {
        try
        {
            return new FileInfo(target).Length == file.Size && Digest(target) == file.Sha256;
        }
        catch (UnauthorizedAccessException)
        {
            // What cannot be read is not known to be the same.
            return false;
        }
    }

    private static string? WhyNot(string relative, NodeLayout layout) =>
        SecretRules.ByName(relative)
        ?? (relative == layout.SigningStateFile || relative.EndsWith("priv_validator_state.json", StringComparison.Ordinal) ? "it is a signing state, which never goes back in time"
            : relative == layout.SigningKeyFile || relative == layout.NodeKeyFile ? "it is a key by the node's configuration"
            : IsBelow(relative, layout.DatabaseFolder) || IsBelow(relative, "data") ? "it lies among the databases"
            : relative.Split('/').Any(part => part.StartsWith(".virtengine-", StringComparison.Ordinal)) ? "it is this engine's own"
            : null);

    private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string? Link(string root, string relative)
    {
        var path = root;
        foreach (var part in relative.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Where a file lies in the staging.</summary>
    public string StagedPath(ManifestFile file) => Path.Combine(staged.Folder, file.Path);

    /// <summary>As the configuration says that is or will be there; CometBFT's names where there is none.</summary>
    private NodeLayout Layout()
    {
        var coming = staged.Manifest.Format < ManifestRoots.Format ? staged.Folder : Path.Combine(staged.Folder, "home");
        var source = new[] { _home, coming }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "config", "config.toml")));
        return source is null
            ? new NodeLayout(_home, "data", "data/cs.wal/wal", "data/priv_validator_state.json", "config/priv_validator_key.json", "config/node_key.json", [])
            : NodeLayout.Read(source);
    }
}
