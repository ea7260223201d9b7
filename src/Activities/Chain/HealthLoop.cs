using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>Looks again and again inside one heartbeating call, whatever the look is.</summary>
/// <param name="node">Whose health, for messages.</param>
/// <param name="look">One look.</param>
internal sealed class HealthLoop(string node, Func<CancellationToken, Task<HealthReport>> look)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);

    private HealthReport? _last;

    /// <summary>Until it is healthy, or the time is over: then the failure carries the last report.</summary>
    public Task<HealthReport> AwaitHealthyAsync(TimeSpan within) => ActivityScope.HeartbeatingAsync(
        async token =>
        {
            var deadline = DateTime.UtcNow + within;
            while (true)
            {
                _last = await look(token).ConfigureAwait(false);
                if (_last.Health == Health.Healthy)
                {
                    return _last;
                }

                if (DateTime.UtcNow + Between > deadline)
                {
                    throw Failures.Permanent(
                        ErrorTypes.Deadline,
                        $"'{node}' is {_last.Health} after {within.TotalSeconds:0} s: {string.Join("; ", _last.Reasons)}",
                        inner: null,
                        _last);
                }

                await Task.Delay(Between, token).ConfigureAwait(false);
            }
        },
        () => _last);

    /// <summary>Until it has become unhealthy, or the time is over.</summary>
    public Task<HealthReport> WatchAsync(TimeSpan within) => ActivityScope.HeartbeatingAsync(
        async token =>
        {
            var deadline = DateTime.UtcNow + within;
            var run = new RelapseWatch();
            while (true)
            {
                _last = await look(token).ConfigureAwait(false);
                if (run.Judge(_last) is { } relapse)
                {
                    return relapse;
                }

                if (DateTime.UtcNow + WatchEvery > deadline)
                {
                    // The time is over within a bad run that is too short to count: nobody knows.
                    return _last.Health == Health.Unhealthy ? _last with { Health = Health.Unknown } : _last;
                }

                await Task.Delay(WatchEvery, token).ConfigureAwait(false);
            }
        },
        () => _last);
}
