using System.Globalization;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Simulation.Canaries;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>The freezer of cgroup v2 instead of signals; needs a cgroup that these tests may make.</summary>
public sealed class CgroupFreezeTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private LiveProcess canary = null!;
    private string? cgroup;

    private CaptureRequest Request => Captures.Request(folder["home"], folder["staging"]) with { Cgroup = cgroup };

    public async ValueTask InitializeAsync()
    {
        canary = await LiveProcess.CanaryAsync(folder["home"]);
        cgroup = Make(canary.Pid);
    }

    public async ValueTask DisposeAsync()
    {
        await canary.DisposeAsync();
        if (cgroup is not null)
        {
            await Eventually.TrueAsync(() => File.ReadAllText(Path.Combine(cgroup, "cgroup.procs")).Length == 0, "the cgroup is empty");
            Directory.Delete(cgroup);
        }

        folder.Dispose();
    }

    [Fact]
    public async Task CaptureAsync_ByCgroup_IsOneInstant()
    {
        Assert.SkipWhen(cgroup is null, "needs a writable cgroup v2 mount");
        for (var round = 0; round < 5; round++)
        {
            await using var snapshot = await Captures.FreezeAsync(Request);
            Assert.Null(CanaryReading.From(await Captures.ReadAsync(snapshot)).Contradiction());
        }

        Assert.Equal("0", File.ReadAllText(Path.Combine(cgroup, "cgroup.freeze")).Trim());
    }

    [Fact]
    public async Task CaptureAsync_CgroupThawedInsideThePause_IsDiscarded()
    {
        Assert.SkipWhen(cgroup is null, "needs a writable cgroup v2 mount");
        var request = Request with { WhileFrozen = () => File.WriteAllText(Path.Combine(cgroup, "cgroup.freeze"), "0") };
        await Captures.AssertDiscardedAsync(request);
    }

    [Fact]
    public async Task CaptureAsync_CgroupFoundFrozen_IsRefusedAndLeftFrozen()
    {
        Assert.SkipWhen(cgroup is null, "needs a writable cgroup v2 mount");
        await File.WriteAllTextAsync(Path.Combine(cgroup, "cgroup.freeze"), "1", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => File.ReadAllText(Path.Combine(cgroup, "cgroup.events")).Contains("frozen 1", StringComparison.Ordinal), "frozen");
        Assert.Equal(SnapshotErrors.TargetStopped, (await Captures.RefusedAsync(Request)).Code);
        Assert.Equal("1", File.ReadAllText(Path.Combine(cgroup, "cgroup.freeze")).Trim());
        await File.WriteAllTextAsync(Path.Combine(cgroup, "cgroup.freeze"), "0", TestContext.Current.CancellationToken);
    }

    private static string? Make(int pid)
    {
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(words => words[2] == "cgroup2")?[1];
        if (mount is null)
        {
            return null;
        }

        var made = Path.Combine(mount, $"ve-snap-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(made);
            File.WriteAllText(Path.Combine(made, "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
            return made;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made);
            }

            return null;
        }
    }
}
