using Temporalio.Activities;
using Temporalio.Converters;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>One attempt of a scripted activity.</summary>
public sealed record ScriptedCall(ActivityExecutionContext Context, IReadOnlyList<IRawValue> Arguments)
{
    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempt => Context.Info.Attempt;

    /// <summary>An argument.</summary>
    public T Argument<T>(int index = 0) => Context.PayloadConverter.ToValue<T>(Arguments[index]);

    /// <summary>Waits, without end, until the attempt is cancelled.</summary>
    public async Task UntilCancelledAsync() => await Task.Delay(Timeout.Infinite, Context.CancellationToken).ConfigureAwait(false);

    /// <summary>Heartbeats until the attempt is cancelled, and throws then.</summary>
    public async Task BeatUntilCancelledAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(Context.CancellationToken).ConfigureAwait(false))
        {
            Context.Heartbeat("beat");
        }
    }
}
