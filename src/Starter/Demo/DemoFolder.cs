namespace VirtEngine.DR.Starter.Demo;

/// <summary>What stays of the demo's folder.</summary>
internal static class DemoFolder
{
    private static readonly string[] Staying = ["evidence", "report.html"];

    /// <summary>Puts the evidence's page for people under a short name; null when none was written.</summary>
    public static string? Report(DemoOptions options)
    {
        var evidence = Path.Combine(options.Folder, "evidence");
        var page = Directory.Exists(evidence)
            ? Directory.EnumerateFiles(evidence, "*.html", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault()
            : null;
        if (page is null)
        {
            return null;
        }

        var report = Path.Combine(options.Folder, "report.html");
        File.Copy(page, report, overwrite: true);
        return report;
    }

    /// <summary>Deletes all but the evidence, unless it was asked to stay.</summary>
    public static void Tidy(DemoOptions options)
    {
        if (options.Keep)
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(options.Folder).Where(entry => !Staying.Contains(Path.GetFileName(entry))).ToList())
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
