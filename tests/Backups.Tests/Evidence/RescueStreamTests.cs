using VirtEngine.DR.Backups.Evidence;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Evidence;

/// <summary>A disk that cannot give some of its sectors.</summary>
public sealed class RescueStreamTests
{
    private const int Sector = 4096;

    [Theory]
    [InlineData(100_000, 1 << 20)]
    [InlineData(100_000, 1000)]
    [InlineData(3 * Sector, 5000)]
    [InlineData(3 * Sector, 3 * Sector)]
    public async Task Read_BadSectors_ZeroesStandForThemAndEverythingElseIsThere(int size, int chunk)
    {
        var bytes = new byte[size];
        new Random(3).NextBytes(bytes);
        var bad = Enumerable.Range(0, (size + Sector - 1) / Sector).Where(sector => sector is 1 or 7 or 8 or 24).ToHashSet();
        var expected = bytes.ToArray();
        foreach (var sector in bad)
        {
            expected.AsSpan(sector * Sector, Math.Min(Sector, size - (sector * Sector))).Clear();
        }

        long lost = 0;
        await using var stream = new RescueStream(
            (buffer, at) =>
            {
                var length = (int)Math.Min(buffer.Length, size - at);
                for (var sector = at / Sector; sector <= (at + length - 1) / Sector; sector++)
                {
                    if (bad.Contains((int)sector))
                    {
                        throw new IOException("Input/output error");
                    }
                }

                bytes.AsSpan((int)at, length).CopyTo(buffer.Span);
                return length;
            },
            size,
            (_, length) => lost += length);

        var read = new byte[size];
        for (var at = 0; at < size; at += chunk)
        {
            await stream.ReadExactlyAsync(read.AsMemory(at, Math.Min(chunk, size - at)), TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, read);
        Assert.Equal(bad.Sum(sector => Math.Min(Sector, size - (sector * Sector))), lost);
        Assert.Equal(0, await stream.ReadAsync(new byte[10], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_FileIsShorterThanListed_IsNoEnd()
    {
        await using var stream = new RescueStream((_, _) => 0, 10, (_, _) => { });

        await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadExactlyAsync(new byte[10], TestContext.Current.CancellationToken));
    }
}
