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
    /// <summary>Kubelets and controllers write to the same objects all the time: a lost race is looked at anew.</summary>
    private const int Races = 8;

    private const string Manager = "virtengine-dr";

    private readonly ClusterReader _reader = new(client, target);

    /// <inheritdoc/>
    public Task<ClusterObservation> LookAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

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
            var present = await _reader.ControllerAsync(workload, cancellationToken).ConfigureAwait(false)
                ?? throw Failures.Permanent(ErrorTypes.NotFound, $"{workload.Name} is not in namespace {workload.NamespaceIn(target.Cluster)} of {target.Region}");
            Marks.Check(act.Key, present.Metadata.Annotations, workload.Name);
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
            var patch = Patch(present.Metadata, annotations, new JsonObject { ["replicas"] = act.To });
            var space = workload.NamespaceIn(target.Cluster);
            return workload.Kind == WorkloadKind.StatefulSet
                ? ControllerView.Of(workload, await client.AppsV1.PatchNamespacedStatefulSetAsync(patch, workload.Name, space, fieldManager: Manager, cancellationToken: cancellationToken).ConfigureAwait(false)).View
                : ControllerView.Of(workload, await client.AppsV1.PatchNamespacedDeploymentAsync(patch, workload.Name, space, fieldManager: Manager, cancellationToken: cancellationToken).ConfigureAwait(false)).View;
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

    private static V1Patch Patch(V1ObjectMeta seen, JsonObject annotations, JsonObject spec) => new(
        new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = seen.ResourceVersion, ["annotations"] = annotations }, ["spec"] = spec }.ToJsonString(),
        V1Patch.PatchType.MergePatch);

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

    private async Task<T> RaceAsync<T>(Func<Task<T>> attempt, string what, CancellationToken token)
    {
        for (var left = Races; ; left--)
        {
            try
            {
                return await KubernetesCall.MakeAsync(target.Region, what, attempt, token).ConfigureAwait(false);
            }
            catch (Temporalio.Exceptions.ApplicationFailureException e) when (left > 1 && e.InnerException is HttpOperationException { Response.StatusCode: HttpStatusCode.Conflict })
            {
                // Somebody else wrote to it in between: look again and decide anew.
            }
        }
    }
}
