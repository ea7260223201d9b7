using VirtEngine.DR.Activities.Chain;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>Answers as chains give them, and answers that are none.</summary>
public sealed class SlashingParamsTests
{
    // signed_blocks_window 100, min_signed_per_window 0.5, downtime_jail_duration 600 s; then two fractions that are not read.
    private const string Defaults = "0A2B" + "0864" + "1212" + "353030303030303030303030303030303030" + "1A0308D804" + "2202" + "3131" + "2A0A" + "31303030303030303030";

    [Fact]
    public void Read_Answer_IsItsWindow() =>
        Assert.Equal(new Contracts.Chain.SigningWindow(100, 50, TimeSpan.FromMinutes(10)), SlashingParams.Read(Convert.FromHexString(Defaults)));

    [Theory]
    [InlineData("")]
    [InlineData("0A05086412")]
    [InlineData("0A020864FF")]
    [InlineData("0A0208")]
    [InlineData("0D00000000")]
    public void Read_NoSuchAnswer_IsRefused(string hex) => Assert.Throws<FormatException>(() => SlashingParams.Read(Convert.FromHexString(hex)));
}
