using Temporalio.Activities;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Common;

/// <summary>The running activity's token and heartbeats; outside an activity (a command that runs without a server) it does nothing.</summary>
public static class ActivityScope
{
    /// <summary>How often a long call says that it lives; well below every heartbeat timeout of the policies.</summary>
    public static TimeSpan HeartbeatEvery { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the run cancels the call or the worker shuts down.</summary>
    public static CancellationToken Token => ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current.CancellationToken : CancellationToken.None;

    /// <summary>True when the call ends because its worker shuts down: it will be tried again elsewhere, so nothing is tidied away.</summary>
    public static bool WorkerIsShuttingDown =>
        ActivityExecutionContext.HasCurrent && ActivityExecutionContext.Current.CancelReason == ActivityCancelReason.WorkerShutdown;

    /// <summary>True when the run itself asked for the end.</summary>
    public static bool CancelRequested =>
        ActivityExecutionContext.HasCurrent && ActivityExecutionContext.Current.CancelReason == ActivityCancelReason.CancelRequested;

    /// <summary>Refuses a call for another node than the one whose queue it came from: its home would be this host's.</summary>
    public static void RequireNodeQueue(string node)
    {
        if (ActivityExecutionContext.HasCurrent
            && ActivityExecutionContext.Current.Info.TaskQueue is { } queue
            && queue.StartsWith(Names.NodeQueue(""), StringComparison.Ordinal)
            && queue != Names.NodeQueue(node))
        {
            throw Failures.Invalid([$"the call is for node '{node}' and came by queue '{queue}'; send it to '{Names.NodeQueue(node)}'"]);
        }
    }

    /// <summary>Runs the work while heartbeating in the background with what <paramref name="details"/> says at that moment.</summary>
    public static async Task<T> HeartbeatingAsync<T>(Func<CancellationToken, Task<T>> work, Func<object?>? details = null)
    {
        if (!ActivityExecutionContext.HasCurrent)
        {
            return await work(CancellationToken.None).ConfigureAwait(false);
        }

        var context = ActivityExecutionContext.Current;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var beat = BeatAsync(context, details, stop.Token);
        try
        {
            return await work(context.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await beat.ConfigureAwait(false);
        }
    }

    /// <summary>The details that the previous attempt of this call heartbeated last, where there are any of that shape.</summary>
    public static async Task<T?> PreviousDetailsAsync<T>() =>
        ActivityExecutionContext.HasCurrent && ActivityExecutionContext.Current.Info.HeartbeatDetails.Count > 0
            ? await ActivityExecutionContext.Current.Info.HeartbeatDetailAtAsync<T>(0).ConfigureAwait(false)
            : default;

    private static async Task BeatAsync(ActivityExecutionContext context, Func<object?>? details, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(HeartbeatEvery);
        try
        {
            do
            {
                context.Heartbeat(details?.Invoke() is { } value ? [value] : []);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The work is over (or cancelled, which it sees by its own token): nothing is left to say.
        }
    }
}
