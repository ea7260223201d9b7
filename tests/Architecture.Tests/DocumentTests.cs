using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>The documents lead somewhere: every relative link and anchor exists, and what they call a test is one.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Pages { get; } =
    [
        .. Repository.Files("*.md", "docs"), "README.md", "CHANGELOG.md",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndHeadings(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        foreach (var target in Link().Matches(text).Select(m => m.Groups[1].Value).Where(t => !t.Contains("://", StringComparison.Ordinal) && !t.StartsWith("mailto:", StringComparison.Ordinal)))
        {
            var parts = target.Split('#');
            var file = parts[0].Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(parts[0], Path.GetDirectoryName(Path.Combine(Repository.Root, page))!);
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{page} links to {target}, which does not exist");
            if (parts.Length == 2)
            {
                var anchors = Heading().Matches(File.ReadAllText(file)).Select(m => NotAnchor().Replace(m.Groups[1].Value.ToLowerInvariant().Replace(' ', '-'), ""));
                Assert.Contains(parts[1], anchors);
            }
        }
    }

    [Fact]
    public void PlanScripts_NamesOnlyTestsThatExist()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .ToLookup(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "plan-scripts.md"));

        Assert.All(TestName().Matches(page).Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)), named =>
        {
            Assert.True(sources.Contains(named.Class), $"docs/plan-scripts.md names {named.Class}, which does not exist");
            Assert.Contains(sources[named.Class], s => s.Contains(named.Method, StringComparison.Ordinal));
        });
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotAnchor();

    [GeneratedRegex(@"`(\w+Tests)\.?(\w*)`")]
    private static partial Regex TestName();
}
