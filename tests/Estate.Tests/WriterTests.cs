using System.Text.Json;
using CsCheck;
using VirtEngine.DR.Contracts;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class WriterTests
{
    [Fact]
    public void Write_AnyValidEstate_ReadsBackAsTheSame() =>
        EstateGen.Estates.Sample(
            estate =>
            {
                var back = EstateLoader.Parse(EstateWriter.Write(estate), "estate.yaml");
                Assert.Equal(JsonSerializer.Serialize(estate, DrDataConverter.JsonOptions), JsonSerializer.Serialize(back.Estate, DrDataConverter.JsonOptions));
                Assert.Equal(EstateLoader.Digest(estate), back.Digest);
            },
            iter: 400);

    [Theory]
    [InlineData("local.yaml")]
    [InlineData("virtengine.yaml")]
    public void Write_Example_ReadsBackWithTheSameDigest(string file)
    {
        var loaded = EstateLoader.Load(Examples.File("deploy", "estates", file));

        Assert.Equal(loaded.Digest, EstateLoader.Parse(EstateWriter.Write(loaded.Estate), file).Digest);
    }

    [Fact]
    public void Write_Comments_StandAboveTheirKeysAndChangeNothing()
    {
        var loaded = EstateLoader.Parse(BaseEstate.Text, "estate.yaml");
        var comments = new Dictionary<string, string> { [""] = "Head.\n\nMore.", ["nodes[0]"] = "The node.", ["nodes[0].control.type"] = "How.", ["chain.id"] = "Chain." };

        var text = EstateWriter.Write(loaded.Estate, comments);

        Assert.StartsWith("# Head.\n#\n# More.\nname: small\n", text, StringComparison.Ordinal);
        Assert.Contains("  # The node.\n  - name: full-0\n", text, StringComparison.Ordinal);
        Assert.Contains("      # How.\n      type: systemd\n", text, StringComparison.Ordinal);
        Assert.Equal(loaded.Digest, EstateLoader.Parse(text, "estate.yaml").Digest);
    }

    [Fact]
    public void Digest_OneFieldChanges_IsAnother()
    {
        var one = EstateLoader.Parse(BaseEstate.Text, "estate.yaml");
        var same = EstateLoader.Parse("# a comment\n" + BaseEstate.Text, "estate.yaml");
        var other = EstateLoader.Parse(BaseEstate.With("catchUp: 1h", "catchUp: 2h"), "estate.yaml");

        Assert.Equal(one.Digest, same.Digest);
        Assert.NotEqual(one.Digest, other.Digest);
    }
}
