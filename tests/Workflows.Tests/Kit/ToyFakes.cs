using Temporalio.Activities;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The toy's activities on the world; each fault names the switch, such as <c>toy.set:a</c>.</summary>
public sealed class ToyFakes(World world) : IToyActivities
{
    [Activity("toy.measure")]
    public Task<long> MeasureAsync() => world.Faults.RunAsync("toy.measure", () => world.Measure);

    [Activity("toy.get")]
    public Task<string> GetAsync(string name) => world.Faults.RunAsync("toy.get:" + name, () => world.Switches.GetOrAdd(name, "off"));

    [Activity("toy.set")]
    public Task SetAsync(string name, string value, StepKey key) => world.Faults.RunAsync($"toy.set:{name}", () =>
    {
        world.Admit($"{name}={value}", key, name);
        return world.Switches[name] = value;
    });

    [Activity("toy.watch")]
    public async Task<string> WatchAsync(TimeSpan within)
    {
        var context = ActivityExecutionContext.Current;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (clock.Elapsed < within)
        {
            if (world.Relapses.TryDequeue(out var relapse))
            {
                return relapse;
            }

            context.Heartbeat();
            await ticks.WaitForNextTickAsync(context.CancellationToken);
        }

        return "well";
    }

    [Activity("toy.read")]
    public Task<string> ReadAsync(string name) => world.Faults.RunAsync("toy.read:" + name, () => name + " was read");
}
