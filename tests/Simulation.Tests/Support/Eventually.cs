using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Support;

/// <summary>Waits for a condition.</summary>
internal static class Eventually
{
    /// <summary>Asks until it is true; fails after the limit.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, int seconds = 30)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (!await condition())
            {
                await pace.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"not within {seconds} s: {what}");
        }
    }

    /// <summary>Asks until it is true; fails after the limit.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, int seconds = 30) => TrueAsync(() => Task.FromResult(condition()), what, seconds);
}
