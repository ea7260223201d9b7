namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Eventually
{
    public static Task IsTrueAsync(Func<Task<bool>> condition, string what, double seconds = 20) => IsTrueAsync(condition, () => what, seconds);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds)
    {
        var until = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < until, DateTime.UtcNow < until ? "" : $"did not happen within {seconds} s: {what()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what, double seconds = 20) => IsTrueAsync(() => Task.FromResult(condition()), what, seconds);
}
