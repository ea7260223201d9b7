using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using VirtEngine.DR.Backups.Exporting;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Exporting;

public sealed class PlanExporterTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task ExportAsync_PlansLayout_UnpacksToTheSameFilesAndItsChecksumsAndSignatureFit()
    {
        var repository = await _bench.OpenAsync();
        var files = Bench.NodeFiles();
        var backup = await Bench.WriteAsync(repository, files);

        var export = await new PlanExporter(_bench.Signer).ExportAsync([repository], backup.Key, _bench.Folder.Sub("out"), null, Bench.Token);

        var name = $"state_1200_{backup.Id.Utc:yyyyMMdd_HHmmss}";
        Assert.Equal(_bench.Folder.Sub("out") + "/us-east/state", export.Folder);
        Assert.Equal(new[] { "_data.tar.gz", ".json", ".sha256", ".sig" }.Select(suffix => Path.Combine(export.Folder, name + suffix)), export.Files);
        Assert.Equal(4, Directory.GetFiles(export.Folder).Length);
        var lines = await File.ReadAllLinesAsync(export.Files[2], Bench.Token);
        foreach (var parts in lines.Select(line => line.Split("  ")))
        {
            Assert.Equal(parts[0], Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(export.Folder, parts[1]), Bench.Token))));
        }

        Assert.Equal(2, lines.Length);
        var checksums = await File.ReadAllBytesAsync(export.Files[2], Bench.Token);
        var signature = await File.ReadAllBytesAsync(export.Files[3], Bench.Token);
        Assert.True(VerifyKeys.Verify(_bench.Key, checksums, signature));
        var unpacked = _bench.Folder.Sub("unpacked");
        await using var gzip = new GZipStream(File.OpenRead(export.Files[0]), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(gzip, unpacked, false, Bench.Token);
        var tree = Bench.ReadTree(unpacked);
        Assert.Equal(files.Count, tree.Count);
        Assert.All(files, pair => Assert.Equal(pair.Value, tree[pair.Key]));
    }

    public void Dispose() => _bench.Dispose();
}
