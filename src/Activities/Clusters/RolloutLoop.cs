using System.Globalization;
using System.Runtime.CompilerServices;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters;

/// <summary>Follows workloads until they are as wanted, or until they are so no more.</summary>
internal sealed class RolloutLoop(ICluster cluster, RolloutQuery query)
{
    /// <summary>A pod that is replaced is away for a moment: only what lasts longer is a relapse.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    /// <summary>How often time is looked at while nothing changes.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Before a cluster that was lost is asked again.</summary>
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
    public Task<RolloutReport> AwaitAsync()
    {
        RolloutReport? last = null;
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var giveUp = DateTimeOffset.UtcNow + query.Within;
                await foreach (var now in ReportsAsync(token).ConfigureAwait(false))
                {
                    last = now;
                    if (last.Ready == true)
                    {
                        break;
                    }

                    if (last.At > giveUp)
                    {
                        throw Failures.Permanent(ErrorTypes.Deadline, $"not as wanted within {query.Within.TotalSeconds:0} s: {last.Text}. Look at the pods that are not ready (kubectl describe pod), then retry");
                    }
                }

                return last!;
            },
            () => last?.Text);
    }

    /// <summary>Watches that they stay so; returns when the time is over, or at a state that lasted.</summary>
    public Task<RolloutReport> WatchAsync()
    {
        RolloutReport? last = null;
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var end = DateTimeOffset.UtcNow + query.Within;
                DateTimeOffset? since = null;
                await foreach (var now in ReportsAsync(token).ConfigureAwait(false))
                {
                    last = now;
                    since = now.Ready == true ? null : since ?? now.At;
                    if (now.At - since >= Lasting)
                    {
                        break;
                    }

                    if (now.At >= end)
                    {
                        // The time is over within a bad moment that is too short to count: nobody knows.
                        last = now.Ready == false ? now with { Ready = null } : now;
                        break;
                    }
                }

                return last!;
            },
            () => last?.Text);
    }

    /// <summary>A report at once, at every change, and with every beat; where the cluster is heard no more, one that says so, and then anew from a fresh list.</summary>
    private async IAsyncEnumerable<RolloutReport> ReportsAsync([EnumeratorCancellation] CancellationToken token)
    {
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            RolloutReport? lost = null;
            var changes = cluster.FollowAsync(Beat, token).GetAsyncEnumerator(token);
            await using var ended = changes.ConfigureAwait(false);
            while (lost is null)
            {
                RolloutReport? next = null;
                try
                {
                    next = await changes.MoveNextAsync().ConfigureAwait(false) ? Judge(changes.Current, query.Without) : null;
                    lost = next is null ? new(DateTimeOffset.UtcNow, null, "the cluster is heard no more") : null;
                }
                catch (ApplicationFailureException e) when (e.ErrorType == ErrorTypes.Unavailable)
                {
                    lost = new(DateTimeOffset.UtcNow, null, e.Message);
                }

                if (next is not null)
                {
                    yield return next;
                }
            }

            yield return lost;
            await timer.WaitForNextTickAsync(token).ConfigureAwait(false);
        }
    }
}
