using System.Diagnostics;
using VirtEngine.DR.Backups.Snapshots;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>A second process of these tests that takes a snapshot and hangs inside the pause, to be killed there.</summary>
public sealed class FreezeHolder
{
    private const string Variable = "VIRTENGINE_TEST_FREEZE";

    /// <summary>Starts the process.</summary>
    internal static LiveProcess Start(string home, string staging, string attempt, TimeSpan budget)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(FreezeHolder).Assembly.Location, null))
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(FreezeHolder).FullName}.{nameof(Capture_ToldSo_HangsInsideThePause)}" },
            Environment = { [Variable] = string.Join('|', home, staging, attempt, (long)budget.TotalMilliseconds) },
            RedirectStandardOutput = true,
        };
        return new LiveProcess(Process.Start(start)!);
    }

    [Fact(Explicit = true)]
    public async Task Capture_ToldSo_HangsInsideThePause()
    {
        var told = Environment.GetEnvironmentVariable(Variable)?.Split('|');
        Assert.SkipWhen(told is null, "a helper of other tests, not a test of its own");
        var request = Captures.Request(told[0], told[1], told[2]) with
        {
            Budget = TimeSpan.FromMilliseconds(long.Parse(told[3], System.Globalization.CultureInfo.InvariantCulture)),
            WhileFrozen = () => Thread.Sleep(Timeout.Infinite),
        };
        await Assert.ThrowsAsync<SnapshotException>(() => Captures.FreezeAsync(request));
    }
}
