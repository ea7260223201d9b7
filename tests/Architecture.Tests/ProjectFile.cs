using System.Xml.Linq;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>A project as its file says it.</summary>
internal sealed record ProjectFile(string Path, string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Versions)
{
    public static IReadOnlyList<ProjectFile> All { get; } = [.. Repository.Files("*.csproj", "src", "tests", "bench").Select(Read)];

    public static ProjectFile Read(string path)
    {
        var xml = XDocument.Parse(Repository.Read(path));
        return new ProjectFile(
            path, System.IO.Path.GetFileNameWithoutExtension(path),
            [.. xml.Descendants("ProjectReference").Select(r => System.IO.Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))],
            [.. xml.Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!)],
            [.. xml.Descendants("PackageReference").Where(r => r.Attribute("Version") is not null).Select(r => (string)r.Attribute("Include")!)]);
    }
}
