namespace VirtEngine.DR.Tests.Shared;

/// <summary>Waits for a condition by looking again and again; the one place in the tests where time passes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>A look that costs (a program is started for it) is made less often: looking must not starve what is looked at.</summary>
    private const int TimesTheLook = 2;

    /// <summary>Returns the first answer that is not null; throws <see cref="TimeoutException"/> with what was awaited.</summary>
    public static async Task<T> GetAsync<T>(string what, TimeSpan within, Func<Task<T?>> look, CancellationToken cancellationToken = default)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < within)
        {
            TimeSpan begun = clock.Elapsed;
            try
            {
                if (await look().ConfigureAwait(false) is { } answer)
                {
                    return answer;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
            {
                last = e;
            }

            TimeSpan pause = (clock.Elapsed - begun) * TimesTheLook;
            using var timer = new PeriodicTimer(pause < Shortest ? Shortest : pause > Longest ? Longest : pause);
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }

        throw new TimeoutException($"not within {within.TotalSeconds:0} s: {what}", last);
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(string what, TimeSpan within, Func<Task<bool>> look, CancellationToken cancellationToken = default) =>
        GetAsync<object>(what, within, async () => await look().ConfigureAwait(false) ? true : null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 30) => TrueAsync(condition, () => what, seconds);

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 30) => TrueAsync(() => Task.FromResult(condition()), what, seconds);

    /// <summary>Waits until the condition holds; what was awaited is told as it stands at the end.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds = 30)
    {
        try
        {
            await TrueAsync("", TimeSpan.FromSeconds(seconds), condition, Xunit.TestContext.Current.CancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"not within {seconds} s: {what()}", e.InnerException);
        }
    }
}
