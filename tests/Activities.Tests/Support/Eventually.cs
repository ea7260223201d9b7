namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, double seconds = 20)
    {
        var until = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < until, $"did not happen within {seconds} s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what, double seconds = 20) => IsTrueAsync(() => Task.FromResult(condition()), what, seconds);
}
