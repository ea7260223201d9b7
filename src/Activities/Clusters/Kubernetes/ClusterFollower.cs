using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Follows a cluster by watches: it is listed once, and then the server says what changes. Only the workloads' own controllers and pods, and the machines.</summary>
internal sealed class ClusterFollower(k8s.Kubernetes client, ClusterTarget target, ClusterReader reader)
{
    /// <summary>See <see cref="ICluster.FollowAsync"/>.</summary>
    public async IAsyncEnumerable<ClusterObservation> FollowAsync(TimeSpan beat, [EnumeratorCancellation] CancellationToken token)
    {
        while (true)
        {
            var lists = await ListAsync(token).ConfigureAwait(false);
            var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task[] watches = [.. lists.All.Select(list => list.RunAsync(() => changes.Writer.TryWrite(true), stop.Token))];
            try
            {
                do
                {
                    yield return lists.Observe();
                    await ChangeAsync(changes.Reader, watches, beat, token).ConfigureAwait(false);
                }
                while (!lists.Outgrown);
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for a change or for the time; a watch that failed is its failure.</summary>
    private static async Task ChangeAsync(ChannelReader<bool> changes, Task[] watches, TimeSpan beat, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(beat);
        var change = changes.WaitToReadAsync(limit.Token).AsTask();
        var first = await Task.WhenAny([change, .. watches]).ConfigureAwait(false);
        if (first != change)
        {
            await first.ConfigureAwait(false);
        }

        await ((Task)change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
        changes.TryRead(out _);
    }

    private async Task<FollowedLists> ListAsync(CancellationToken token)
    {
        var unknowns = new List<string>();
        var volumes = await reader.VolumesAsync(unknowns, token).ConfigureAwait(false);
        var nodes = await MakeAsync("lists nodes", () => client.CoreV1.ListNodeAsync(cancellationToken: token), token).ConfigureAwait(false);
        var machines = new WatchedList<V1Node>(
            target.Region, "watches nodes", nodes.ResourceVersion(), nodes.Items,
            (version, seconds, wrong, stop) => client.CoreV1.WatchListNodeAsync(allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop));
        var workloads = new List<FollowedWorkload>();
        foreach (var spec in target.Workloads)
        {
            workloads.Add(await WorkloadAsync(spec, token).ConfigureAwait(false));
        }

        return new(machines, workloads, volumes, unknowns, reader);
    }

    private async Task<FollowedWorkload> WorkloadAsync(WorkloadSpec spec, CancellationToken token)
    {
        string space = spec.NamespaceIn(target.Cluster), only = $"metadata.name={spec.Name}", what = $"watches {spec.Name}";
        IWatchedList controllers;
        Func<ControllerView?> view;
        if (spec.Kind == WorkloadKind.StatefulSet)
        {
            var found = await MakeAsync($"lists {spec.Name}", () => client.AppsV1.ListNamespacedStatefulSetAsync(space, fieldSelector: only, cancellationToken: token), token).ConfigureAwait(false);
            var list = new WatchedList<V1StatefulSet>(target.Region, what, found.ResourceVersion(), found.Items, (version, seconds, wrong, stop) => client.AppsV1.WatchListNamespacedStatefulSetAsync(
                space, allowWatchBookmarks: true, fieldSelector: only, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop));
            (controllers, view) = (list, () => list.Items.SingleOrDefault() is { } one ? ControllerView.Of(spec, one) : null);
        }
        else
        {
            var found = await MakeAsync($"lists {spec.Name}", () => client.AppsV1.ListNamespacedDeploymentAsync(space, fieldSelector: only, cancellationToken: token), token).ConfigureAwait(false);
            var list = new WatchedList<V1Deployment>(target.Region, what, found.ResourceVersion(), found.Items, (version, seconds, wrong, stop) => client.AppsV1.WatchListNamespacedDeploymentAsync(
                space, allowWatchBookmarks: true, fieldSelector: only, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop));
            (controllers, view) = (list, () => list.Items.SingleOrDefault() is { } one ? ControllerView.Of(spec, one) : null);
        }

        if (view() is not { } seen || Selectors.Text(seen.Selector) is not { } own)
        {
            return new(spec, view, controllers, null, view()?.Metadata.Uid);
        }

        var pods = await MakeAsync($"lists pods of {spec.Name}", () => client.CoreV1.ListNamespacedPodAsync(space, labelSelector: own, cancellationToken: token), token).ConfigureAwait(false);
        return new(spec, view, controllers, new(
            target.Region, $"watches pods of {spec.Name}", pods.ResourceVersion(), pods.Items, (version, seconds, wrong, stop) => client.CoreV1.WatchListNamespacedPodAsync(
                space, allowWatchBookmarks: true, labelSelector: own, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop)), seen.Metadata.Uid);
    }

    private Task<T> MakeAsync<T>(string what, Func<Task<T>> call, CancellationToken token) => KubernetesCall.MakeAsync(target.Region, what, call, token);
}
