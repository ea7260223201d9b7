using System.Diagnostics;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Simulation.Canaries;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>What is refused before anything is stopped, or dropped after.</summary>
public sealed class FreezeRefusalTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private LiveProcess canary = null!;

    private string Home => folder["home"];

    private string Staging => folder["staging"];

    public async ValueTask InitializeAsync() => canary = await LiveProcess.CanaryAsync(Home);

    public async ValueTask DisposeAsync()
    {
        await canary.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CaptureAsync_ForeignWriter_IsRefusedByName()
    {
        var foreign = new ProcessStartInfo("sh", ["-c", "exec 7>\"$1\"; echo open; exec sleep 600", "sh", Path.Combine(Home, "data", "foreign")]) { RedirectStandardOutput = true };
        var process = Process.Start(foreign)!;
        await using var writer = new LiveProcess(process);
        Assert.Equal("open", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var refusal = await Captures.RefusedAsync(Captures.Request(Home, Staging));
        Assert.Equal(SnapshotErrors.TargetForeignWriter, refusal.Code);
        Assert.Contains($"process {writer.Pid}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaptureAsync_NotRunning_IsRefused()
    {
        await canary.DisposeAsync();
        Assert.Equal(SnapshotErrors.TargetNotRunning, (await Captures.RefusedAsync(Captures.Request(Home, Staging))).Code);
        canary = await LiveProcess.CanaryAsync(folder["other"]);
    }

    [Fact]
    public async Task CaptureAsync_StagingOnAnotherFileSystem_IsRefused()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").DriveFormat == "tmpfs", "needs a second file system (/dev/shm)");
        var other = Directory.CreateDirectory($"/dev/shm/ve-snap-{Guid.NewGuid():N}").FullName;
        try
        {
            Assert.Equal(SnapshotErrors.LinkRefused, (await Captures.RefusedAsync(Captures.Request(Home, other))).Code);
            Assert.NotEqual('T', canary.State);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task CaptureAsync_SameAttemptTwice_IsRefused()
    {
        await (await Captures.FreezeAsync(Captures.Request(Home, Staging, "once"))).DisposeAsync();
        Assert.Equal(SnapshotErrors.AttemptReused, (await Captures.RefusedAsync(Captures.Request(Home, Staging, "once"))).Code);
    }

    [Fact]
    public async Task CaptureAsync_SymbolicLinkInside_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(Home, "data", "elsewhere"), "/etc/hostname");
        Assert.Equal(SnapshotErrors.LayoutInvalid, (await Captures.RefusedAsync(Captures.Request(Home, Staging))).Code);
    }

    [Fact]
    public async Task CaptureAsync_MutableBytesBeyondTheLimit_IsRefusedBeforeTheStop()
    {
        await File.WriteAllBytesAsync(Path.Combine(Home, "data", "large.bin"), new byte[2 << 20], TestContext.Current.CancellationToken);
        var request = Captures.Request(Home, Staging) with { MaxPausedBytes = 1 << 20, WhileFrozen = () => Assert.Fail("stopped") };
        Assert.Equal(SnapshotErrors.PauseTooLarge, (await Captures.RefusedAsync(request)).Code);
    }

    [Fact]
    public async Task CaptureAsync_DiskLow_StagingIsDropped()
    {
        var request = Captures.Request(Home, Staging) with { FreeSpaceFloor = 0.10, MeasureFreeSpace = Falling(after: 2) };
        Assert.Equal(SnapshotErrors.DiskLow, (await Captures.RefusedAsync(request)).Code);
        Assert.False(Directory.Exists(Path.Combine(Staging, request.AttemptId)));
        Assert.NotEqual('T', canary.State);
    }

    [Fact]
    public async Task Open_DiskLowWhileReading_StagingIsDroppedAndTheReadFails()
    {
        var request = Captures.Request(Home, Staging) with { FreeSpaceFloor = 0.10, MeasureFreeSpace = Falling(after: 3) };
        await using var snapshot = await Captures.FreezeAsync(request);
        await using var stream = snapshot.Open(snapshot.Files.Single(file => file.Path == "data/plain.bin"));
        await Eventually.TrueAsync(() => !Directory.Exists(Path.Combine(Staging, request.AttemptId)), "staging is dropped");
        Assert.Equal(SnapshotErrors.DiskLow, Assert.Throws<SnapshotException>(() => stream.ReadByte()).Code);
        Assert.Equal(SnapshotErrors.DiskLow, Assert.Throws<SnapshotException>(() => snapshot.Open(snapshot.Files[0])).Code);
    }

    [Fact]
    public async Task Contradiction_CopiedWithoutAFreeze_IsSeen()
    {
        await Eventually.TrueAsync(() => CanaryReading.From(Directory.EnumerateFiles(Path.Combine(Home, "data"), "*", SearchOption.AllDirectories)
            .Select(path => (path, Bytes: Read(path))).Where(file => file.Bytes is not null)
            .ToDictionary(file => Path.GetRelativePath(Home, file.path), file => file.Bytes!)).Contradiction() is not null, "a plain copy contradicts itself");

        static byte[]? Read(string path)
        {
            try
            {
                return File.ReadAllBytes(path);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static Func<string, double> Falling(int after)
    {
        var asked = 0;
        return _ => Interlocked.Increment(ref asked) > after ? 0.05 : 0.5;
    }
}
