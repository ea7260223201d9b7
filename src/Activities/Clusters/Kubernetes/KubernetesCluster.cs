using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>A region's cluster by its API server. Every write is a merge patch that carries the version it was decided on.</summary>
internal sealed class KubernetesCluster(k8s.Kubernetes client, ClusterTarget target) : ICluster
{
    /// <summary>The name under which fields are ours.</summary>
    public const string Manager = "virtengine-dr";

    private readonly ClusterReader _reader = new(client, target);
    private readonly KubernetesObjects _objects = new(client, target.Region);

    /// <inheritdoc/>
    public Task<ClusterObservation> LookAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterObservation> GlanceAsync(CancellationToken cancellationToken) => _reader.GlanceAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterObservation> FollowAsync(TimeSpan beat, CancellationToken cancellationToken) => new ClusterFollower(client, target, _reader).FollowAsync(beat, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CordonAsync(string node, StepKey key, CancellationToken cancellationToken) => ChangeNodeAsync(
        node, key, one => one.Spec.Unschedulable == true ? null : new JsonObject { ["unschedulable"] = true }, key.WorkflowId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UncordonAsync(string node, string by, StepKey key, CancellationToken cancellationToken) => ChangeNodeAsync(
        node, key, one => Marks.Read(one.Metadata.Annotations, Marks.CordonedBy) != by ? null : new JsonObject { ["unschedulable"] = null }, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterWorkload> ScaleAsync(WorkloadSpec workload, ScaleAct act, CancellationToken cancellationToken)
    {
        if (workload.Role == NodeKind.Validator)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, $"{workload.Name} holds a validator and is never scaled: two pods of one key are a double sign. A validator moves by SignerMove");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(act.To);
        return await RaceAsync(async () =>
        {
            var present = await PresentAsync(workload, act.Key, cancellationToken).ConfigureAwait(false);
            if (present.View.Desired == act.To)
            {
                return present.View;
            }

            if (present.View.Desired != act.From)
            {
                throw Failures.Permanent(ErrorTypes.Conflict, $"{workload.Name} in {target.Region} wants {present.View.Desired} pods, not {act.From}: somebody else decided that, and it is not overwritten");
            }

            var annotations = new JsonObject
            {
                [Marks.Attempt] = Marks.Of(act.Key),
                [Marks.ScaledBy] = act.Former is null ? null : act.Key.WorkflowId,
                [Marks.Former] = act.Former?.ToString(CultureInfo.InvariantCulture),
            };
            return (await PatchAsync(workload, Patch(present.Metadata, annotations, new JsonObject { ["replicas"] = act.To }), cancellationToken).ConfigureAwait(false)).View;
        }, $"scales {workload.Name}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<EvictionAnswer> EvictAsync(ClusterPod pod, WorkloadSpec workload, CancellationToken cancellationToken)
    {
        if (workload.Role == NodeKind.Validator)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, $"{pod.Name} is of {workload.Name}, which holds a validator: it is never evicted. A validator moves by SignerMove");
        }

        var space = workload.NamespaceIn(target.Cluster);
        var eviction = new V1Eviction
        {
            ApiVersion = "policy/v1",
            Kind = "Eviction",
            Metadata = new() { Name = pod.Name, NamespaceProperty = space },
            DeleteOptions = new() { Preconditions = new() { Uid = pod.Uid } },
        };
        return await KubernetesCall.MakeAsync(target.Region, $"evicts {pod.Name}", async () =>
        {
            try
            {
                await client.CoreV1.CreateNamespacedPodEvictionAsync(eviction, pod.Name, space, cancellationToken: cancellationToken).ConfigureAwait(false);
                return new EvictionAnswer(true);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // It is gone, or another pod has its name by now: that one was not meant.
                return new EvictionAnswer(true);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return new EvictionAnswer(false, KubernetesCall.Message(e));
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> RestartAsync(WorkloadSpec workload, RestartAct act, CancellationToken cancellationToken)
    {
        if (workload.Role == NodeKind.Validator)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, $"{workload.Name} holds a validator and is never restarted from here: its signer starts by the interlock only");
        }

        return await RaceAsync(async () =>
        {
            var present = await PresentAsync(workload, act.Key, cancellationToken).ConfigureAwait(false);
            var at = act.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (present.Restarted is { } last && DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, out var before) && before >= DateTimeOffset.Parse(at, CultureInfo.InvariantCulture))
            {
                return false;
            }

            var template = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ControllerView.RestartedAt] = at } } };
            await PatchAsync(workload, Patch(present.Metadata, new JsonObject { [Marks.Attempt] = Marks.Of(act.Key) }, new JsonObject { ["template"] = template }), cancellationToken).ConfigureAwait(false);
            return true;
        }, $"restarts {workload.Name}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>?> ReadConfigAsync(ConfigPlace place, CancellationToken cancellationToken) => _objects.ReadConfigAsync(place, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ApplyConfigAsync(ConfigAct act, CancellationToken cancellationToken) => RaceAsync(() => _objects.ApplyConfigAsync(act, cancellationToken), $"applies ConfigMap {act.Place.Name}", cancellationToken);

    /// <inheritdoc/>
    public Task<ServiceAddresses> AddressesAsync(ServicePlace place, CancellationToken cancellationToken) => _objects.AddressesAsync(place, cancellationToken);

    private static V1Patch Patch(V1ObjectMeta seen, JsonObject annotations, JsonObject spec) => new(
        new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = seen.ResourceVersion, ["annotations"] = annotations }, ["spec"] = spec }.ToJsonString(),
        V1Patch.PatchType.MergePatch);

    /// <summary>A workload's controller, where this attempt may still change it.</summary>
    private async Task<ControllerView> PresentAsync(WorkloadSpec workload, StepKey key, CancellationToken token)
    {
        var present = await _reader.ControllerAsync(workload, token).ConfigureAwait(false)
            ?? throw Failures.Permanent(ErrorTypes.NotFound, $"{workload.Name} is not in namespace {workload.NamespaceIn(target.Cluster)} of {target.Region}");
        Marks.Check(key, present.Metadata.Annotations, workload.Name);
        return present;
    }

    private async Task<ControllerView> PatchAsync(WorkloadSpec workload, V1Patch patch, CancellationToken token)
    {
        var space = workload.NamespaceIn(target.Cluster);
        return workload.Kind == WorkloadKind.StatefulSet
            ? ControllerView.Of(workload, await client.AppsV1.PatchNamespacedStatefulSetAsync(patch, workload.Name, space, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false))
            : ControllerView.Of(workload, await client.AppsV1.PatchNamespacedDeploymentAsync(patch, workload.Name, space, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false));
    }

    /// <summary>Changes a machine's schedulability; a null change leaves it as it is.</summary>
    private Task<bool> ChangeNodeAsync(string node, StepKey key, Func<V1Node, JsonObject?> change, string? by, CancellationToken token) => RaceAsync(async () =>
    {
        var present = await client.CoreV1.ReadNodeAsync(node, cancellationToken: token).ConfigureAwait(false);
        Marks.Check(key, present.Metadata.Annotations, node);
        if (change(present) is not { } spec)
        {
            return false;
        }

        var annotations = new JsonObject { [Marks.Attempt] = Marks.Of(key), [Marks.CordonedBy] = by };
        await client.CoreV1.PatchNodeAsync(Patch(present.Metadata, annotations, spec), node, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false);
        return true;
    }, $"changes {node}", token);

    private Task<T> RaceAsync<T>(Func<Task<T>> attempt, string what, CancellationToken token) => KubernetesCall.RaceAsync(target.Region, what, attempt, token);
}
