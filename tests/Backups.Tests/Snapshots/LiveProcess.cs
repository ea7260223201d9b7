using System.Diagnostics;
using VirtEngine.DR.Guard;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>A process that a test started; killed at its end, stopped or not.</summary>
internal sealed class LiveProcess(Process process) : IAsyncDisposable
{
    public int Pid => process.Id;

    public bool Ended => process.HasExited;

    public char State => Proc.Stat(Pid)?.State ?? 'X';

    /// <summary>Starts the canary and waits until it writes.</summary>
    public static async Task<LiveProcess> CanaryAsync(string home)
    {
        var canary = new LiveProcess(Process.Start(SimulationProgram.StartInfo("canary", "--home", home))!);
        await Eventually.TrueAsync(
            () => Directory.Exists(Path.Combine(home, "data", "canary.db")) && Directory.EnumerateFiles(Path.Combine(home, "data", "canary.db"), "*.ldb").Any(),
            "the canary sings");
        return canary;
    }

    public void Stop() => Assert.Equal(0, Libc.Signal(Pid, Libc.Stop));

    public void Continue() => Assert.Equal(0, Libc.Signal(Pid, Libc.Continue));

    public void Kill() => Assert.Equal(0, Libc.Signal(Pid, Libc.Kill));

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
