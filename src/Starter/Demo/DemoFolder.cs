namespace VirtEngine.DR.Starter.Demo;

/// <summary>What stays of the demo's folder.</summary>
internal static class DemoFolder
{
    /// <summary>The page for people, newest first; null when none was written.</summary>
    public static string? Report(DemoOptions options)
    {
        var evidence = Path.Combine(options.Folder, "evidence");
        return Directory.Exists(evidence)
            ? Directory.EnumerateFiles(evidence, "*.html", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault()
            : null;
    }

    /// <summary>Deletes all but the evidence, unless it was asked to stay.</summary>
    public static void Tidy(DemoOptions options)
    {
        if (options.Keep)
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(options.Folder).Where(entry => Path.GetFileName(entry) != "evidence").ToList())
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }
}
