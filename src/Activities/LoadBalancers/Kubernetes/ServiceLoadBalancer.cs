using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Clusters.Kubernetes;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.LoadBalancers;

namespace VirtEngine.DR.Activities.LoadBalancers.Kubernetes;

/// <summary>
/// The load balancers of a cluster's Services. A cordon takes no machine out of them (since Kubernetes 1.19): the well-known label
/// <c>node.kubernetes.io/exclude-from-external-load-balancers</c> does, whatever its value is. Run and expiry stand beside it as annotations.
/// </summary>
internal sealed class ServiceLoadBalancer(k8s.Kubernetes client, string region, TimeProvider time) : ILoadBalancer
{
    /// <summary>The label, of Kubernetes itself.</summary>
    public const string Label = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// <inheritdoc/>
    public async Task<ExclusionObservation> LookAsync(string zone, CancellationToken cancellationToken)
    {
        var (own, others) = await NodesAsync(zone, cancellationToken).ConfigureAwait(false);
        return new(time.GetUtcNow(), zone, [.. own.Select(See).OrderBy(node => node.Name, StringComparer.Ordinal)], others.Count(Serves));
    }

    /// <inheritdoc/>
    public async Task<ExclusionObservation> ExcludeAsync(ExcludeAct act, CancellationToken cancellationToken)
    {
        CheckExpiry(act.Until);
        var (own, others) = await NodesAsync(act.Zone, cancellationToken).ConfigureAwait(false);
        if (own.Count == 0)
        {
            throw Failures.Permanent(ErrorTypes.NotFound, $"the cluster of {region} has no machine in {act.Zone}");
        }

        if (!others.Any(Serves))
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"no machine outside {act.Zone} is ready and in the load balancers of {region}: without {act.Zone} nothing would be left to send to");
        }

        foreach (var node in own)
        {
            await ChangeAsync(node.Name(), act.Key, present => See(present).Excluded ? null : Marked("true", act.Key.WorkflowId, act.Until), cancellationToken).ConfigureAwait(false);
        }

        return await LookAsync(act.Zone, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ExclusionObservation> RenewAsync(ExcludeAct act, CancellationToken cancellationToken)
    {
        CheckExpiry(act.Until);
        var (own, _) = await NodesAsync(act.Zone, cancellationToken).ConfigureAwait(false);
        var mine = own.Where(node => See(node).By == act.Key.WorkflowId).Select(node => node.Name()).ToList();
        if (mine.Count == 0)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"run {act.Key.WorkflowId} has no machine of {act.Zone} out of the load balancers: somebody let it in again, or its time was over");
        }

        foreach (var node in mine)
        {
            await ChangeAsync(node, act.Key, present => See(present).By == act.Key.WorkflowId ? Marked("true", act.Key.WorkflowId, act.Until) : null, cancellationToken).ConfigureAwait(false);
        }

        return await LookAsync(act.Zone, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ExclusionObservation> LiftAsync(LiftAct act, CancellationToken cancellationToken)
    {
        var (own, _) = await NodesAsync(act.Zone, cancellationToken).ConfigureAwait(false);
        foreach (var node in own)
        {
            await ChangeAsync(node.Name(), act.Key, present => See(present).By == act.By ? Marked(null, null, null) : null, cancellationToken).ConfigureAwait(false);
        }

        return await LookAsync(act.Zone, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BalancedNode>> LiftExpiredAsync(CancellationToken cancellationToken)
    {
        var lifted = new List<BalancedNode>();
        foreach (var node in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            var seen = See(node);
            if (Expired(seen) && await ChangeAsync(node.Name(), null, present => Expired(See(present)) ? Marked(null, null, null) : null, cancellationToken).ConfigureAwait(false))
            {
                lifted.Add(seen);
            }
        }

        return lifted;
    }

    private static BalancedNode See(V1Node node)
    {
        var annotations = node.Metadata.Annotations;
        var excluded = node.Metadata.Labels?.ContainsKey(Label) == true;
        DateTimeOffset? until = DateTimeOffset.TryParse(Marks.Read(annotations, Marks.ExcludedUntil), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        return new(node.Name(), excluded, excluded ? Marks.Read(annotations, Marks.ExcludedBy) : null, excluded ? until : null);
    }

    private static bool Serves(V1Node node) => ClusterSight.Node(node, null).Readiness == NodeReadiness.Ready && !See(node).Excluded;

    private bool Expired(BalancedNode node) => node.By is not null && !(node.Until > time.GetUtcNow());

    private static (JsonObject Labels, JsonObject Annotations) Marked(string? label, string? by, DateTimeOffset? until) => (
        new() { [Label] = label },
        new() { [Marks.ExcludedBy] = by, [Marks.ExcludedUntil] = until?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });

    private void CheckExpiry(DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        if (until <= now || until > now + ExclusionLimits.Longest)
        {
            throw Failures.Invalid([string.Create(CultureInfo.InvariantCulture, $"until: {until:u} is not after now, {now:u}, and within {ExclusionLimits.Longest.TotalHours:0} h")]);
        }
    }

    private async Task<(List<V1Node> Own, List<V1Node> Others)> NodesAsync(string zone, CancellationToken token)
    {
        var all = await ListAsync(token).ConfigureAwait(false);
        return ([.. all.Where(node => ClusterSight.Zone(node) == zone)], [.. all.Where(node => ClusterSight.Zone(node) != zone)]);
    }

    private async Task<IList<V1Node>> ListAsync(CancellationToken token) =>
        (await KubernetesCall.MakeAsync(region, "lists nodes", () => client.CoreV1.ListNodeAsync(cancellationToken: token), token).ConfigureAwait(false)).Items;

    /// <summary>Changes a machine's marks by the version that the change was decided on; a null change leaves it as it is. Without a key it is no run's.</summary>
    private Task<bool> ChangeAsync(string node, StepKey? key, Func<V1Node, (JsonObject Labels, JsonObject Annotations)?> change, CancellationToken token) => KubernetesCall.RaceAsync(region, $"changes {node}", async () =>
    {
        var present = await client.CoreV1.ReadNodeAsync(node, cancellationToken: token).ConfigureAwait(false);
        if (key is not null)
        {
            Marks.Check(key, present.Metadata.Annotations, node);
        }

        if (change(present) is not { } marks)
        {
            return false;
        }

        if (key is not null)
        {
            marks.Annotations[Marks.Attempt] = Marks.Of(key);
        }

        var metadata = new JsonObject { ["resourceVersion"] = present.Metadata.ResourceVersion, ["labels"] = marks.Labels, ["annotations"] = marks.Annotations };
        await client.CoreV1.PatchNodeAsync(
            new V1Patch(new JsonObject { ["metadata"] = metadata }.ToJsonString(), V1Patch.PatchType.MergePatch), node, fieldManager: KubernetesCluster.Manager, cancellationToken: token).ConfigureAwait(false);
        return true;
    }, token);
}
