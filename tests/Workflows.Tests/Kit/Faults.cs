using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>What shall go wrong, by activity name.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ApplicationFailureException>> before = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ApplicationFailureException>> after = new();
    private readonly ConcurrentDictionary<string, Hold> holds = new();

    /// <summary>Fails before anything happened.</summary>
    public void Fail(string activity, string type = ErrorTypes.Unavailable, bool permanent = true, int times = 1) =>
        Add(before, activity, new($"{activity} was made to fail", type, nonRetryable: permanent), times);

    /// <summary>Does it and loses the answer.</summary>
    public void LoseAnswer(string activity, int times = 1) =>
        Add(after, activity, new($"the answer of {activity} was lost", ErrorTypes.Unavailable, nonRetryable: true), times);

    /// <summary>Holds the next call until it is let go.</summary>
    public Hold HoldNext(string activity) => holds[activity] = new();

    /// <summary>Called by every fake activity.</summary>
    public async Task<T> RunAsync<T>(string activity, Func<T> body)
    {
        if (holds.TryRemove(activity, out var hold))
        {
            await hold.WaitAsync(ActivityExecutionContext.Current.CancellationToken);
        }

        Throw(before, activity);
        var result = body();
        Throw(after, activity);
        return result;
    }

    private static void Add(ConcurrentDictionary<string, ConcurrentQueue<ApplicationFailureException>> to, string activity, ApplicationFailureException e, int times)
    {
        var queue = to.GetOrAdd(activity, _ => new());
        for (var i = 0; i < times; i++)
        {
            queue.Enqueue(e);
        }
    }

    private static void Throw(ConcurrentDictionary<string, ConcurrentQueue<ApplicationFailureException>> from, string activity)
    {
        if (from.TryGetValue(activity, out var queue) && queue.TryDequeue(out var e))
        {
            throw new ApplicationFailureException(e.Message, e.ErrorType, e.NonRetryable);
        }
    }
}
