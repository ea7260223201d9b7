namespace VirtEngine.DR.Backups.Objects;

/// <summary>Spreads bytes over time: each transfer waits until those before it are paid for.</summary>
internal sealed class RateLimiter(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _free = DateTimeOffset.MinValue;

    public Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond <= 0)
        {
            return Task.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            wait = _free > now ? _free - now : TimeSpan.Zero;
            _free = (wait > TimeSpan.Zero ? _free : now) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
