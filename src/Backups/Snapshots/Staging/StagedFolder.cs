using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>A live folder and its counterpart in staging, both held open.</summary>
internal sealed class StagedFolder(string path, OpenFolder live, OpenFolder staging, string stagingPath) : IDisposable
{
    /// <summary>Relative to the node's home.</summary>
    public string Path => path;

    public OpenFolder Live => live;

    public OpenFolder Staging => staging;

    /// <summary>The counterpart's absolute path.</summary>
    public string StagingPath => stagingPath;

    /// <summary>What was staged, by the live file's inode.</summary>
    public Dictionary<ulong, StagedFile> Files { get; } = [];

    /// <summary>Folders in it, by name.</summary>
    public Dictionary<string, StagedFolder> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>What kind of database it holds.</summary>
    public DatabaseKind Kind { get; set; }

    /// <summary>True once its kind is known.</summary>
    public bool Classified { get; set; }

    /// <summary>What the frozen listing had.</summary>
    public List<StagedFile> Kept { get; } = [];

    /// <summary>The folder in it of that name, opened on both sides; null when it is gone or no folder.</summary>
    public unsafe StagedFolder? Child(ReadOnlySpan<byte> name)
    {
        var text = System.Text.Encoding.UTF8.GetString(name[..^1]);
        if (Folders.TryGetValue(text, out var known))
        {
            return known;
        }

        if (live.Child(name) is not { } child)
        {
            return null;
        }

        fixed (byte* bytes = name)
        {
            if (Posix.MakeFolder(staging.File, bytes, 0x1c0) != 0 && Posix.Error != Posix.Exists)
            {
                throw new IOException($"staging folder '{stagingPath}/{text}' cannot be made (errno {Posix.Error})");
            }
        }

        var counterpart = staging.Child(name) ?? throw new IOException($"staging folder '{stagingPath}/{text}' cannot be opened (errno {Posix.Error})");
        return Folders[text] = new StagedFolder($"{path}/{text}", child, counterpart, $"{stagingPath}/{text}");
    }

    public void Dispose()
    {
        foreach (var folder in Folders.Values)
        {
            folder.Dispose();
        }

        foreach (var file in Files.Values.Where(file => file.Held >= 0))
        {
            _ = Posix.Close(file.Held);
        }

        live.Dispose();
        staging.Dispose();
    }
}
