using Temporalio.Activities;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A call that is held in mid-air.</summary>
public sealed class Hold
{
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call is there.</summary>
    public Task Entered => entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets it go on.</summary>
    public void Release() => released.TrySetResult();

    internal async Task WaitAsync(CancellationToken cancellation)
    {
        entered.TrySetResult();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!released.Task.IsCompleted)
        {
            // As a real transfer does: a cancellation arrives with a heartbeat.
            ActivityExecutionContext.Current.Heartbeat();
            await Task.WhenAny(released.Task, ticks.WaitForNextTickAsync(cancellation).AsTask());
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
