namespace VirtEngine.DR.Estates.Tests;

/// <summary>The repository's files, found from the test's folder upwards.</summary>
internal static class Examples
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.GetFiles("VirtEngine.DR.sln").Length > 0)
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("VirtEngine.DR.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
