using System.Diagnostics;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Waits for a condition; the only place where a test lets time pass.</summary>
public static class Eventually
{
    /// <summary>Asks until the answer satisfies; fails with the last answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfied, TimeSpan? within = null, Func<T, string>? show = null)
    {
        var clock = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            var answer = await ask();
            if (satisfied(answer))
            {
                return answer;
            }

            if (clock.Elapsed > (within ?? TimeSpan.FromSeconds(30)))
            {
                Assert.Fail($"Waited {clock.Elapsed} in vain; the last answer was {(show is null ? answer?.ToString() : show(answer))}");
            }

            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
