using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class ExampleEstateTests
{
    [Theory]
    [InlineData("local.yaml")]
    [InlineData("virtengine.yaml")]
    public void Load_Example_Passes(string file)
    {
        var loaded = EstateLoader.Load(Examples.File("deploy", "estates", file));

        Assert.Equal(64, loaded.Digest.Length);
        Assert.Equal(Examples.File("deploy", "estates", file), loaded.Path);
        Assert.Equal(30, loaded.Estate.Objectives.Rto.Count);
    }
}
