using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Encryption;

public sealed class EnvelopeTests
{
    private static readonly FileKeyWrapper Wrapper = new([[.. Enumerable.Repeat((byte)7, 32)]]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(3 << 20)]
    public async Task Seal_ThenOpen_GivesThePlainText(int size)
    {
        var plain = Plain(size);
        var sealedBytes = await SealAsync(plain);

        var target = new byte[size + 16];
        var length = await Envelope.OpenAsync(sealedBytes, target, Wrapper, "ctx", "object", Bench.Token);

        Assert.Equal(plain, target.AsSpan(0, length).ToArray());
    }

    [Fact]
    public async Task Open_AnyChange_FailsAndLeavesNothing()
    {
        var size = (2 << 20) + 100;
        var sealedBytes = await SealAsync(Plain(size));
        var header = sealedBytes.Length - size - (3 * 16);
        var segment = (1 << 20) + 16;
        var cases = new Dictionary<string, byte[]>
        {
            ["cut at a segment's end"] = sealedBytes[..(header + (2 * segment))],
            ["cut inside"] = sealedBytes[..^5],
            ["grown"] = [.. sealedBytes, 1],
            ["segments swapped"] = [.. sealedBytes[..header], .. sealedBytes[(header + segment)..(header + (2 * segment))], .. sealedBytes[header..(header + segment)], .. sealedBytes[(header + (2 * segment))..]],
            ["segment repeated"] = [.. sealedBytes[..(header + segment)], .. sealedBytes[header..]],
        };
        for (var at = 0; at < sealedBytes.Length; at += 99_991)
        {
            var flipped = (byte[])sealedBytes.Clone();
            flipped[at] ^= 1;
            cases[$"flipped {at}"] = flipped;
        }

        foreach (var (name, bytes) in cases)
        {
            var target = new byte[4 << 20];
            var error = await Assert.ThrowsAsync<BackupException>(() => Envelope.OpenAsync(bytes, target, Wrapper, "ctx", name, Bench.Token));
            Assert.Equal(BackupErrorCodes.DecryptionFailed, error.Code);
        }
    }

    [Fact]
    public async Task Open_OtherContextOrKey_Fails()
    {
        var sealedBytes = await SealAsync(Plain(100));
        var other = new FileKeyWrapper([[.. Enumerable.Repeat((byte)8, 32)]]);

        Assert.Equal(BackupErrorCodes.DecryptionFailed, (await Assert.ThrowsAsync<BackupException>(() => Envelope.OpenAsync(sealedBytes, new byte[200], Wrapper, "other", "o", Bench.Token))).Code);
        Assert.Equal(BackupErrorCodes.EncryptionKeyMissing, (await Assert.ThrowsAsync<BackupException>(() => Envelope.OpenAsync(sealedBytes, new byte[200], other, "ctx", "o", Bench.Token))).Code);
        Assert.Equal(BackupErrorCodes.EncryptionKeyMissing, (await Assert.ThrowsAsync<BackupException>(() => Envelope.OpenAsync(sealedBytes, new byte[200], null, "ctx", "o", Bench.Token))).Code);
    }

    private static byte[] Plain(int size)
    {
        var plain = new byte[size];
        new Random(size).NextBytes(plain);
        return plain;
    }

    private static async Task<byte[]> SealAsync(byte[] plain)
    {
        var target = new byte[Envelope.SealedLength(plain.Length, 4096)];
        return target[..await Envelope.SealAsync(plain, target, Wrapper, "ctx", Bench.Token)];
    }
}
