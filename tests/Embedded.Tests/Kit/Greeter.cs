using Temporalio.Activities;

namespace VirtEngine.DR.Embedded.Tests.Kit;

/// <summary>Activities that tests call.</summary>
public sealed class Greeter
{
    private int _failures;

    /// <summary>How often <see cref="FlakyAsync"/> fails before it succeeds.</summary>
    public int FailuresWanted { get; init; } = 2;

    [Activity]
    public static string Greet(string name) => $"Hello, {name}";

    [Activity]
    public static string Broken(string why) => throw new Temporalio.Exceptions.ApplicationFailureException(why, "Broken", nonRetryable: true);

    [Activity]
    public Task<int> FlakyAsync() => Interlocked.Increment(ref _failures) <= FailuresWanted
        ? throw new Temporalio.Exceptions.ApplicationFailureException("not yet", "NotYet") : Task.FromResult(ActivityExecutionContext.Current.Info.Attempt);

    /// <summary>Heartbeats until it is canceled.</summary>
    [Activity]
    public static async Task HangAsync()
    {
        var context = ActivityExecutionContext.Current;
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await beat.WaitForNextTickAsync(context.CancellationToken))
        {
            context.Heartbeat("alive");
        }
    }

    /// <summary>Says nothing until its time is over.</summary>
    [Activity]
    public static Task SilentAsync() => Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.CancellationToken);
}
