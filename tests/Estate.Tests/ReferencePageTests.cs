using System.Text;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>docs/estate-reference.md describes every key that the loader accepts, with its form and default, and no other.</summary>
public sealed class ReferencePageTests
{
    private const string Begin = "<!-- keys: checked against the loader by ReferencePageTests -->\n";

    [Fact]
    public void Page_DescribesExactlyTheKeysOfTheLoader()
    {
        var page = File.ReadAllText(Examples.File("docs", "estate-reference.md"));
        var expected = Begin + Tables();
        var at = page.IndexOf(Begin, StringComparison.Ordinal);
        var actual = at < 0 ? "" : page[at..];
        if (actual != expected)
        {
            var file = Path.Combine(Path.GetTempPath(), "estate-reference.expected.md");
            File.WriteAllText(file, expected);
            Assert.Fail($"docs/estate-reference.md does not say what the loader does; what it should end with is in {file}.");
        }
    }

    [Fact]
    public void Page_ExampleIsAValidEstate()
    {
        var page = File.ReadAllText(Examples.File("docs", "estate-reference.md"));
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;

        var loaded = EstateLoader.Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], "estate.yaml");

        Assert.Equal("virtengine-1", loaded.Estate.Chain.Id);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var section in EstateSchema.Sections)
        {
            text.Append('\n').Append("## ").Append(section.Path.Length == 0 ? "The file" : $"`{section.Path}`").Append("\n\n").Append(section.Meaning).Append("\n\n");
            text.Append("| key | what may stand there | default | meaning |\n|---|---|---|---|\n");
            foreach (var key in section.Keys)
            {
                text.Append("| `").Append(key.Name).Append("` | ").Append(Cell(key.Form)).Append(" | ").Append(Cell(key.Default)).Append(" | ").Append(Cell(key.Meaning)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.TrimEnd('.').Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);
}
