using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>ConfigMaps by server-side apply, and Services.</summary>
internal sealed class KubernetesObjects(k8s.Kubernetes client, string region)
{
    /// <summary>See <see cref="ICluster.ReadConfigAsync"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadConfigAsync(ConfigPlace place, CancellationToken token)
    {
        var found = await FindAsync(place, token).ConfigureAwait(false);
        return found is null ? null : Data(found);
    }

    /// <summary>One try of <see cref="ICluster.ApplyConfigAsync"/>; a lost race is an answer of 409 that names no field.</summary>
    public async Task<bool> ApplyConfigAsync(ConfigAct act, CancellationToken token)
    {
        var place = act.Place;
        var present = await FindAsync(place, token).ConfigureAwait(false)
            ?? throw Failures.Permanent(ErrorTypes.NotFound, $"ConfigMap {place.Name} is not in namespace {place.Namespace} of {region}, and is not made from here: kubectl -n {place.Namespace} create configmap {place.Name}");
        Marks.Check(act.Key, present.Metadata.Annotations, place.Name);
        var data = Data(present);
        if (act.Data.All(one => data.TryGetValue(one.Key, out var value) && value == one.Value) && Owned(present).All(act.Data.ContainsKey))
        {
            return false;
        }

        var wish = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = place.Name,
                ["namespace"] = place.Namespace,
                ["resourceVersion"] = present.Metadata.ResourceVersion,
                ["annotations"] = new JsonObject { [Marks.Attempt] = Marks.Of(act.Key) },
            },
            ["data"] = new JsonObject(act.Data.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))),
        };
        try
        {
            await client.CoreV1.PatchNamespacedConfigMapAsync(
                new V1Patch(wish.ToJsonString(), V1Patch.PatchType.ApplyPatch), place.Name, place.Namespace, fieldManager: KubernetesCluster.Manager, force: false, cancellationToken: token).ConfigureAwait(false);
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict && Owners(e) is { Count: > 0 } owners)
        {
            throw Failures.Permanent(
                ErrorTypes.Conflict,
                $"ConfigMap {place.Name} of {region}: {string.Join("; ", owners)}. Nothing was changed. Take those keys out of what that manager applies, then retry", e);
        }
    }

    /// <summary>See <see cref="ICluster.AddressesAsync"/>.</summary>
    public async Task<ServiceAddresses> AddressesAsync(ServicePlace place, CancellationToken token)
    {
        var service = await KubernetesCall.FindAsync(region, $"reads Service {place.Name}", () => client.CoreV1.ReadNamespacedServiceAsync(place.Name, place.Namespace, cancellationToken: token), token).ConfigureAwait(false)
            ?? throw Failures.Permanent(ErrorTypes.NotFound, $"Service {place.Name} is not in namespace {place.Namespace} of {region}");
        if (service.Spec.Type != "LoadBalancer")
        {
            return new([], $"Service {place.Name} is of type {service.Spec.Type}: it has no load balancer");
        }

        ServiceAddress[] found =
        [
            .. (service.Status?.LoadBalancer?.Ingress ?? []).SelectMany(one => new[]
            {
                one.Ip is { Length: > 0 } ip ? new ServiceAddress(ServiceAddressKind.Ip, ip) : null,
                one.Hostname is { Length: > 0 } name ? new ServiceAddress(ServiceAddressKind.HostName, name) : null,
            }).OfType<ServiceAddress>(),
        ];
        return found.Length > 0 ? new(found) : new([], $"the load balancer of Service {place.Name} has no address yet");
    }

    private Task<V1ConfigMap?> FindAsync(ConfigPlace place, CancellationToken token) => KubernetesCall.FindAsync(
        region, $"reads ConfigMap {place.Name}", () => client.CoreV1.ReadNamespacedConfigMapAsync(place.Name, place.Namespace, cancellationToken: token), token);

    private static Dictionary<string, string> Data(V1ConfigMap map) => new(map.Data ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    /// <summary>The keys that an apply of ours said last.</summary>
    private static IEnumerable<string> Owned(V1ConfigMap map) => (map.Metadata.ManagedFields ?? [])
        .Where(one => one is { Manager: KubernetesCluster.Manager, Operation: "Apply" })
        .Select(one => one.FieldsV1).OfType<JsonElement>()
        .SelectMany(fields => fields.TryGetProperty("f:data", out var data) ? data.EnumerateObject().Select(one => one.Name).ToArray() : [])
        .Where(name => name.StartsWith("f:", StringComparison.Ordinal)).Select(name => name[2..]);

    /// <summary>Which keys are whose, as the API server's answer says; none where it was a lost race.</summary>
    private static List<string> Owners(HttpOperationException failure)
    {
        try
        {
            return [.. (KubernetesJson.Deserialize<V1Status>(failure.Response.Content).Details?.Causes ?? [])
                .Where(cause => cause.Reason == "FieldManagerConflict").Select(cause => $"{cause.Field}: {cause.Message}")];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
