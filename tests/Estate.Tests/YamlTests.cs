using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>Files that are no estate at all.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("# nothing\n", 1, "empty")]
    [InlineData("- a\n- b\n", 1, "this is a list")]
    [InlineData("name: a\nchain: {\n", 3, "not valid YAML")]
    [InlineData("name: a\n\tchain: b\n", 1, "not valid YAML")]
    [InlineData("name: &a b\nchain: *a\n", 2, "aliases are not used")]
    [InlineData("? [a]\n: b\n", 1, "a key is expected")]
    public void Parse_NoEstate_IsOneMistakeAtItsLine(string text, int line, string words)
    {
        var problem = BaseEstate.Problems(text)[0];

        Assert.Equal(line, problem.Line);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SecondDocument_IsAMistake()
    {
        var text = BaseEstate.Text + "\n---\nname: other\n";

        Assert.Contains("second document", Assert.Single(BaseEstate.Problems(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NestedWithoutEnd_IsRefusedInsteadOfExhaustingTheStack()
    {
        var text = "name: " + new string('[', 50_000);

        Assert.Contains("nested too deeply", Assert.Single(BaseEstate.Problems(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NullValues_MeanNotGiven()
    {
        var text = BaseEstate.With("    zone: east-a", "    zone: ~\n    extras:");

        Assert.Null(EstateLoader.Parse(text, "estate.yaml").Estate.Nodes[0].Zone);
    }

    [Fact]
    public void Load_NoFile_ThrowsAnIoException() =>
        Assert.Throws<FileNotFoundException>(() => EstateLoader.Load(Path.Combine(Path.GetTempPath(), "there-is-no-such-estate.yaml")));
}
