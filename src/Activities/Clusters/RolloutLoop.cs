using System.Globalization;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters;

/// <summary>Looks whether workloads are as wanted, until they are or until they are no more.</summary>
internal sealed class RolloutLoop(ICluster cluster, RolloutQuery query)
{
    /// <summary>A pod that is replaced is away for a moment: only what lasts longer is a relapse.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether they are as wanted now: each has as many ready pods outside the zone that does not count as it wants at all. Pods that cannot leave that zone (a
    /// validator's, and those whose volume holds them) are not waited for elsewhere; they are named.
    /// </summary>
    public static RolloutReport Judge(ClusterObservation now, string? without)
    {
        var lines = new List<string>();
        var ready = true;
        foreach (var workload in now.Workloads)
        {
            ClusterPod[] own = [.. now.Pods.Where(pod => pod.Workload == workload.Name)];
            var serving = own.Count(pod => pod.Ready && !pod.Leaving && pod.Zone is not null && pod.Zone != without);
            var stay = without is null ? 0 : own.Count(pod => pod.Zone == without && (workload.Role == NodeKind.Validator || pod.BoundTo == without));
            var good = workload.Found && serving >= workload.Desired - stay && (without is not null || workload.Settled);
            ready &= good;
            lines.Add(workload.Found
                ? string.Create(CultureInfo.InvariantCulture, $"{workload.Name} {serving} of {workload.Desired}{(stay > 0 ? $" ({stay} cannot leave {without})" : "")}{(good ? "" : " NOT READY")}")
                : $"{workload.Name} IS NOT THERE");
        }

        return new(now.At, ready, string.Join(", ", lines));
    }

    /// <summary>Waits until they are.</summary>
    public async Task<RolloutReport> AwaitAsync()
    {
        RolloutReport? last = null;
        return await ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var giveUp = DateTimeOffset.UtcNow + query.Within;
                using var timer = new PeriodicTimer(Pause);
                while (true)
                {
                    last = await LookAsync(token).ConfigureAwait(false);
                    if (last.Ready == true)
                    {
                        return last;
                    }

                    if (DateTimeOffset.UtcNow > giveUp)
                    {
                        throw Failures.Permanent(ErrorTypes.Deadline, $"not as wanted within {query.Within.TotalSeconds:0} s: {last.Text}. Look at the pods that are not ready (kubectl describe pod), then retry");
                    }

                    await timer.WaitForNextTickAsync(token).ConfigureAwait(false);
                }
            },
            () => last?.Text).ConfigureAwait(false);
    }

    /// <summary>Watches that they stay so; returns when the time is over, or at a state that lasted.</summary>
    public Task<RolloutReport> WatchAsync() => ActivityScope.HeartbeatingAsync(async token =>
    {
        var end = DateTimeOffset.UtcNow + query.Within;
        DateTimeOffset? since = null;
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            var now = await LookAsync(token).ConfigureAwait(false);
            since = now.Ready == true ? null : since ?? now.At;
            if (now.At - since >= Lasting)
            {
                return now;
            }

            if (now.At >= end)
            {
                // The time is over within a bad moment that is too short to count: nobody knows.
                return now.Ready == false ? now with { Ready = null } : now;
            }

            await timer.WaitForNextTickAsync(token).ConfigureAwait(false);
        }
    });

    private async Task<RolloutReport> LookAsync(CancellationToken token)
    {
        try
        {
            return Judge(await cluster.LookAsync(token).ConfigureAwait(false), query.Without);
        }
        catch (ApplicationFailureException e) when (e.ErrorType == ErrorTypes.Unavailable)
        {
            return new(DateTimeOffset.UtcNow, null, e.Message);
        }
    }
}
