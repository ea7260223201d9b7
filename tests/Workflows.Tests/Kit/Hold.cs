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
        await released.Task.WaitAsync(cancellation);
    }
}
