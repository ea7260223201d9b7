namespace VirtEngine.DR.Embedded.Host;

/// <summary>The loop that answers now: another one, on the same file, after a death that a seed asked for.</summary>
internal sealed class LoopSlot : IAsyncDisposable
{
    private readonly Func<EngineLoop> _open;
    private EngineLoop _current;
    private Task _again = Task.CompletedTask;
    private int _restarts;

    public LoopSlot(Faults faults, Func<EngineLoop> open)
    {
        Faults = faults;
        _open = open;
        _current = Watch(open());
    }

    public Faults Faults { get; }

    public EngineLoop Current => Volatile.Read(ref _current);

    /// <summary>How often it died and started again.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    public async ValueTask DisposeAsync()
    {
        await _again.ConfigureAwait(false);
        await Current.DisposeAsync().ConfigureAwait(false);
    }

    private EngineLoop Watch(EngineLoop loop)
    {
        loop.Died.Register(() => _again = Task.Run(() => RestartAsync(loop)));
        return loop;
    }

    private async Task RestartAsync(EngineLoop dead)
    {
        await dead.DisposeAsync().ConfigureAwait(false);
        Faults.Restart(dead.LastBatch);
        Volatile.Write(ref _current, Watch(_open()));
        Interlocked.Increment(ref _restarts);
    }
}
