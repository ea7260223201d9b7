using Temporalio.Activities;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A world of named switches.</summary>
public interface IToyActivities
{
    [Activity("toy.measure")]
    Task<long> MeasureAsync();

    [Activity("toy.get")]
    Task<string> GetAsync(string name);

    [Activity("toy.set")]
    Task SetAsync(string name, string value, StepKey key);

    /// <summary>Returns <c>well</c> when the time is over, or what the world says before.</summary>
    [Activity("toy.watch")]
    Task<string> WatchAsync(TimeSpan within);

    [Activity("toy.read")]
    Task<string> ReadAsync(string name);
}
