using Temporalio.Workflows;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// Waits that a cancellation from the Temporal UI cannot break: the workflow's own token would be dead for good after it, and
/// with it every undo, release and page. Flow waits nowhere else.
/// </summary>
public static class Durable
{
    /// <summary>Waits until the condition holds.</summary>
    public static Task UntilAsync(Func<bool> condition) => Workflow.WaitConditionAsync(condition, CancellationToken.None);

    /// <summary>Waits until the condition holds (true) or the time is over (false).</summary>
    public static Task<bool> UntilAsync(Func<bool> condition, TimeSpan timeout, string summary) =>
        Workflow.WaitConditionWithOptionsAsync(new(condition, timeout, summary, CancellationToken.None));

    /// <summary>Waits.</summary>
    public static Task DelayAsync(TimeSpan delay, string summary) =>
        Workflow.DelayWithOptionsAsync(new(delay, summary, CancellationToken.None));

    /// <summary>
    /// Completes when the workflow is cancelled in the Temporal UI. A wait condition on the token would not do: conditions are looked
    /// at again only after some task ran, and a cancellation alone runs none.
    /// </summary>
    public static Task CancelledAsync()
    {
        var cancelled = new TaskCompletionSource();
        Workflow.CancellationToken.Register(() => cancelled.TrySetResult());
        return cancelled.Task;
    }
}
