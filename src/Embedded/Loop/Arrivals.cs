namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Counts the messages that came in; a test waits for them while it holds everything else.</summary>
internal sealed class Arrivals
{
    private readonly Lock _lock = new();
    private readonly List<(long At, TaskCompletionSource Reached)> _waiters = [];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            foreach (var waiter in _waiters.Where(w => w.At <= _count))
            {
                waiter.Reached.TrySetResult();
            }

            _waiters.RemoveAll(w => w.At <= _count);
        }
    }

    public Task UntilAsync(long count)
    {
        lock (_lock)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }
}
