namespace VirtEngine.DR.Architecture.Tests;

/// <summary>The repository's files as they are on disk, build output left out.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", ".git", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below some folders, as paths relative to the root with '/'.</summary>
    public static IReadOnlyList<string> Files(string pattern, params string[] folders) =>
    [
        .. folders
            .Where(f => Directory.Exists(Path.Combine(Root, f)))
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), pattern, SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(Generated.Contains))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>All C# of the product and its tests.</summary>
    public static IReadOnlyList<string> Code() => Files("*.cs", "src", "tests", "bench");

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

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
