using System.Runtime.CompilerServices;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The cluster in memory as a port, for one caller at a time: fences as the marks on real objects do, and keeps ConfigMaps with an owner for each key.</summary>
internal sealed class WorldCluster(ClusterWorld world) : ICluster
{
    private const string Ours = "virtengine-dr";
    private static readonly TimeSpan Glimpse = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<string, (string Run, int Number)> _attempts = [];
    private readonly Dictionary<string, DateTimeOffset> _restarts = [];
    private readonly Dictionary<string, Dictionary<string, (string Value, string Manager)>> _configs = [];

    /// <summary>Services with their load balancers' addresses; null: it has none.</summary>
    public Dictionary<string, IReadOnlyList<ServiceAddress>?> Services { get; } = [];

    /// <summary>A program applies a ConfigMap.</summary>
    public void Put(string name, string manager, IReadOnlyDictionary<string, string> data) =>
        _configs[name] = data.ToDictionary(one => one.Key, one => (one.Value, manager));

    public Task<ClusterObservation> LookAsync(CancellationToken cancellationToken)
    {
        ClusterObservation all = world.Observe(DateTimeOffset.UtcNow);
        string[] own = ["fullnode", "validator"];
        return Task.FromResult(all with { Workloads = [.. all.Workloads.Where(one => own.Contains(one.Name))], Pods = [.. all.Pods.Where(one => own.Contains(one.Workload))] });
    }

    public async Task<ClusterObservation> GlanceAsync(CancellationToken cancellationToken)
    {
        ClusterObservation all = await LookAsync(cancellationToken);
        return all with { Nodes = [.. all.Nodes.Select(node => node with { Free = null })], Budgets = [] };
    }

    public async IAsyncEnumerable<ClusterObservation> FollowAsync(TimeSpan beat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ClusterObservation? last = null;
        using var timer = new PeriodicTimer(Glimpse);
        do
        {
            ClusterObservation now = await GlanceAsync(cancellationToken);
            if (last is null || now.At - last.At >= beat || !now.Pods.SequenceEqual(last.Pods) || !now.Workloads.SequenceEqual(last.Workloads) || !now.Nodes.SequenceEqual(last.Nodes))
            {
                yield return last = now;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public Task<bool> CordonAsync(string node, StepKey key, CancellationToken cancellationToken) => MachineAsync(node, key, one => !one.Cordoned, (true, key.WorkflowId));

    public Task<bool> UncordonAsync(string node, string by, StepKey key, CancellationToken cancellationToken) => MachineAsync(node, key, one => one.Cordoned && one.By == by, (false, null));

    public async Task<ClusterWorkload> ScaleAsync(WorkloadSpec workload, ScaleAct act, CancellationToken cancellationToken)
    {
        Movable(workload);
        Admit(act.Key, workload.Name);
        world.Scale(act);
        return (await GlanceAsync(cancellationToken)).Workloads.Single(one => one.Name == workload.Name);
    }

    public Task<EvictionAnswer> EvictAsync(ClusterPod pod, WorkloadSpec workload, CancellationToken cancellationToken) => DoAsync(() =>
    {
        Movable(workload);
        return world.Release(pod.Uid) is { } why ? new EvictionAnswer(false, why) : new(true);
    });

    public Task<bool> RestartAsync(WorkloadSpec workload, RestartAct act, CancellationToken cancellationToken) => DoAsync(() =>
    {
        Movable(workload);
        Admit(act.Key, workload.Name);
        if (_restarts.TryGetValue(workload.Name, out DateTimeOffset last) && last >= act.At)
        {
            return false;
        }

        _restarts[workload.Name] = act.At;
        world.Renew(workload.Name);
        return true;
    });

    public Task<IReadOnlyDictionary<string, string>?> ReadConfigAsync(ConfigPlace place, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<string, string>?>(
        _configs.TryGetValue(place.Name, out var found) ? found.ToDictionary(one => one.Key, one => one.Value.Value) : null);

    public Task<bool> ApplyConfigAsync(ConfigAct act, CancellationToken cancellationToken) => DoAsync(() =>
    {
        if (!_configs.TryGetValue(act.Place.Name, out var found))
        {
            throw Failures.Permanent(ErrorTypes.NotFound, $"ConfigMap {act.Place.Name} is not there");
        }

        Admit(act.Key, act.Place.Name);
        if (act.Data.FirstOrDefault(one => found.TryGetValue(one.Key, out var said) && said.Value != one.Value && said.Manager != Ours) is { Key: { } taken })
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $".data.{taken}: conflict with \"{found[taken].Manager}\"");
        }

        string[] gone = [.. found.Where(one => one.Value.Manager == Ours && !act.Data.ContainsKey(one.Key)).Select(one => one.Key)];
        if (gone.Length == 0 && act.Data.All(one => found.TryGetValue(one.Key, out var said) && said.Value == one.Value))
        {
            return false;
        }

        gone.ToList().ForEach(key => found.Remove(key));
        act.Data.ToList().ForEach(one => found[one.Key] = (one.Value, Ours));
        return true;
    });

    public Task<ServiceAddresses> AddressesAsync(ServicePlace place, CancellationToken cancellationToken) => DoAsync<ServiceAddresses>(() => Services.TryGetValue(place.Name, out var found)
        ? found is null ? new([], "it is of type ClusterIP") : new(found, found.Count == 0 ? "it has no address yet" : null)
        : throw Failures.Permanent(ErrorTypes.NotFound, $"Service {place.Name} is not there"));

    /// <summary>What goes wrong is the task's, as it is over a network.</summary>
    private static async Task<T> DoAsync<T>(Func<T> act)
    {
        await Task.CompletedTask;
        return act();
    }

    private static void Movable(WorkloadSpec workload)
    {
        if (workload.Role == NodeKind.Validator)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, $"{workload.Name} holds a validator");
        }
    }

    private Task<bool> MachineAsync(string node, StepKey key, Func<ClusterWorld.Machine, bool> wanted, (bool Cordoned, string? By) then) => DoAsync(() =>
    {
        Admit(key, node);
        ClusterWorld.Machine machine = world.Machines.Single(one => one.Name == node);
        if (!wanted(machine))
        {
            return false;
        }

        (machine.Cordoned, machine.By) = then;
        return true;
    });

    private void Admit(StepKey key, string what)
    {
        string run = $"{key.WorkflowId}/{key.FirstRunId.Split('/')[0]}";
        if (_attempts.TryGetValue(what, out var seen) && seen.Run == run && seen.Number > key.Number)
        {
            throw Failures.Permanent(ErrorTypes.Fenced, $"attempt {key.Number} is late: {seen.Number} owns {what}");
        }

        _attempts[what] = (run, key.Number);
    }
}
