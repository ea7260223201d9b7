using System.Text.Json;
using VirtEngine.DR.Backups.Snapshots.Freezing;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>
/// An attempt's folder below the staging parent: <c>owner.json</c> (the process that takes the snapshot), <c>freeze.json</c> (only while a
/// node may stand still) and <c>files/</c>. A used attempt id leaves a mark, so that it is never used again.
/// </summary>
internal sealed class AttemptFolder
{
    private static readonly TimeSpan MarksKept = TimeSpan.FromDays(7);

    private AttemptFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where links and copies stand.</summary>
    public string Files => System.IO.Path.Combine(Path, "files");

    /// <summary>The thaw record.</summary>
    public string Record => System.IO.Path.Combine(Path, "freeze.json");

    /// <summary>The process that made it, or null when that cannot be read.</summary>
    public ProcessId? Owner
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(Path, "owner.json")), ThawJson.Default.ProcessId);
            }
            catch (Exception none) when (none is JsonException or IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Claims an attempt id.</summary>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.AttemptReused"/>.</exception>
    public static AttemptFolder Create(string parent, string attemptId)
    {
        if (attemptId.Length is 0 or > 128 || attemptId.StartsWith('.') || attemptId.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
        {
            throw new SnapshotException(SnapshotErrors.LayoutInvalid, $"attempt id '{attemptId}': letters, digits, '-', '_' and '.' are allowed, at most 128, no '.' in front");
        }

        var marks = Directory.CreateDirectory(System.IO.Path.Combine(parent, ".used"));
        foreach (var old in marks.EnumerateFiles().Where(mark => DateTime.UtcNow - mark.LastWriteTimeUtc > MarksKept))
        {
            old.Delete();
        }

        try
        {
            using var mark = new FileStream(System.IO.Path.Combine(marks.FullName, attemptId), FileMode.CreateNew);
        }
        catch (IOException failure) when (File.Exists(System.IO.Path.Combine(marks.FullName, attemptId)))
        {
            throw new SnapshotException(SnapshotErrors.AttemptReused, $"attempt '{attemptId}' was made before: a snapshot is never retried under one id", failure);
        }

        var folder = new AttemptFolder(System.IO.Path.Combine(parent, attemptId));
        Directory.CreateDirectory(folder.Files);
        File.WriteAllBytes(System.IO.Path.Combine(folder.Path, "owner.json"), JsonSerializer.SerializeToUtf8Bytes(ProcessId.Of(Environment.ProcessId)!, ThawJson.Default.ProcessId));
        return folder;
    }

    /// <summary>Every attempt's folder below the parent.</summary>
    public static IReadOnlyList<AttemptFolder> All(string parent) => !Directory.Exists(parent) ? []
        : [.. Directory.EnumerateDirectories(parent).Where(path => !System.IO.Path.GetFileName(path).StartsWith('.')).Select(path => new AttemptFolder(path))];

    /// <summary>Removes names only: a link's file is the node's own and stays as it is.</summary>
    public void Drop()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
