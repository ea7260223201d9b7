using Temporalio.Activities;
using VirtEngine.DR.Embedded;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>How activities wait in virtual time.</summary>
public static class Waiting
{
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(20);

    /// <summary>Waits for time to pass.</summary>
    /// <exception cref="OperationCanceledException">The activity is wanted no more.</exception>
    /// <exception cref="TimeoutException">It is wanted no more, and its worker was not told.</exception>
    public static async Task ForAsync(VirtualTime time, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (within > TimeSpan.Zero)
        {
            await HearAsync(await time.WaitAsync(ActivityExecutionContext.Current.Info.TaskToken, within).WaitAsync(ActivityExecutionContext.Current.CancellationToken));
        }
    }

    /// <summary>Waits until more runs than these have closed.</summary>
    /// <exception cref="OperationCanceledException">The activity is wanted no more.</exception>
    public static async Task ForCloseAsync(VirtualTime time, long runsClosed)
    {
        ArgumentNullException.ThrowIfNull(time);
        await HearAsync(await time.WaitAsync(ActivityExecutionContext.Current.Info.TaskToken, TimeSpan.MaxValue, runsClosed).WaitAsync(ActivityExecutionContext.Current.CancellationToken));
    }

    private static async Task HearAsync(VirtualWake wake)
    {
        if (wake == VirtualWake.Gone)
        {
            throw new OperationCanceledException("nobody waits for this activity any more");
        }

        if (wake == VirtualWake.Cancelled)
        {
            // The worker hears it as it always does: with a heartbeat.
            var context = ActivityExecutionContext.Current;
            context.Heartbeat();
            await new TaskCompletionSource().Task.WaitAsync(Heard, context.CancellationToken);
        }
    }
}
