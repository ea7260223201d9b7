namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Measures a data folder that a node may be writing meanwhile.</summary>
internal static class DataFolder
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Bytes of all files, and how many databases (folders <c>*.db</c> that hold files) there are.</summary>
    public static (long Bytes, int Databases) Measure(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return (0, 0);
        }

        long bytes = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Everything))
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Compacted away while it was counted.
            }
        }

        var databases = Directory.EnumerateDirectories(folder, "*.db").Count(database => Directory.EnumerateFiles(database).Any());
        return (bytes, databases);
    }

    /// <summary>Bytes that are free for this user on the file system of a folder, or of its nearest parent that exists.</summary>
    public static long FreeBytes(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return new DriveInfo(existing).AvailableFreeSpace;
    }
}
