using System.Diagnostics;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Stores;

/// <summary>A process that has a database's LOCK open, as a running node has.</summary>
internal sealed class HeldByAnother(string lockFile) : IAsyncDisposable
{
    private Process? _process;

    public async Task StartAsync()
    {
        _process = Process.Start("sh", ["-c", "exec 9>\"$1\"; exec sleep 60", "sh", lockFile]);
        await Eventually.TrueAsync(() => LockHolders.Find(Path.GetDirectoryName(Path.GetDirectoryName(lockFile))!).Holders.Count > 0, "the LOCK is open");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
