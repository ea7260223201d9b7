using VirtEngine.DR.Backups.Objects;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Objects;

public sealed class ZstdFrameTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    [InlineData(Limits.ObjectPlain)]
    public void Compress_ThenDecompress_GivesTheSame(int size)
    {
        var (plain, stored) = Frame(size);
        using var zstd = new ZstdFrame(1);
        var back = new byte[size];

        Assert.Null(zstd.Decompress(stored, back));
        Assert.Equal(plain, back);
    }

    [Fact]
    public void Decompress_NotExactlyOneFrame_SaysWhy()
    {
        var (_, stored) = Frame(70_000);
        using var zstd = new ZstdFrame(1);
        var target = new byte[70_000];

        Assert.Contains("behind", zstd.Decompress([.. stored, 0], target), StringComparison.Ordinal);
        Assert.Contains("behind", zstd.Decompress([.. stored, .. stored], target), StringComparison.Ordinal);
        Assert.Contains("cut off", zstd.Decompress(stored.AsSpan(0, stored.Length - 1), target), StringComparison.Ordinal);
        Assert.Contains("says", zstd.Decompress(stored, new byte[69_999]), StringComparison.Ordinal);
        Assert.Contains("not a zstd", zstd.Decompress(new byte[100], target), StringComparison.Ordinal);
        Assert.Contains("window", zstd.Decompress([0x28, 0xB5, 0x2F, 0xFD, 0x80, 0x70, 0x70, 0x11, 0x01, 0x00, 1, 0, 0], target), StringComparison.Ordinal);
        Assert.Contains("how large", zstd.Decompress([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x40, 1, 0, 0, 0], target), StringComparison.Ordinal);
    }

    [Fact]
    public void Decompress_AnyFlippedByte_NeverThrowsAndNeverOverruns()
    {
        var (_, stored) = Frame(5000);
        using var zstd = new ZstdFrame(1);
        for (var i = 0; i < stored.Length; i++)
        {
            var flipped = (byte[])stored.Clone();
            flipped[i] ^= 0x81;
            var target = new byte[5000];
            var problem = zstd.Decompress(flipped, target);
            Assert.True(problem is null or { Length: > 0 });
        }
    }

    private static (byte[] Plain, byte[] Stored) Frame(int size)
    {
        var plain = new byte[size];
        new Random(size).NextBytes(plain.AsSpan(0, size / 2));
        using var zstd = new ZstdFrame(1);
        var buffer = new byte[Limits.ObjectStored];
        return (plain, buffer[..zstd.Compress(plain, buffer)]);
    }
}
