using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A region's cluster in memory: machines in zones, controllers that make pods where machines take them, an eviction that budgets may hold.</summary>
public sealed class ClusterWorld
{
    public const string Lost = "a";

    private readonly Lock gate = new();
    private readonly List<Machine> machines = [];
    private readonly List<Pod> pods = [];
    private int made;

    public ClusterWorld()
    {
        foreach (var zone in (string[])[Lost, "b"])
        {
            machines.AddRange(Enumerable.Range(0, 3).Select(i => new Machine($"{zone}-{i}", zone)));
        }

        Workloads =
        [
            new(new() { Name = "fullnode", Role = NodeKind.Full, ZoneReplicas = 3 }, 2), new(new() { Name = "gateway", Role = NodeKind.Gateway, ZoneReplicas = 4 }, 4),
            new(new() { Name = "validator", Kind = WorkloadKind.StatefulSet, Role = NodeKind.Validator }, 1),
        ];
        Settle();
    }

    public sealed class Machine(string name, string zone)
    {
        public string Name => name;

        public string Zone => zone;

        public NodeReadiness Readiness { get; set; }

        public bool Cordoned { get; set; }

        public string? By { get; set; }
    }

    public sealed class Workload(WorkloadSpec spec, int desired)
    {
        public WorkloadSpec Spec => spec;

        public int Desired { get; set; } = desired;

        public string? ScaledBy { get; set; }

        public int? Former { get; set; }
    }

    public sealed record Pod(string Name, string Uid, string Workload, string Node)
    {
        public bool Leaving { get; set; }
    }

    public IReadOnlyList<Machine> Machines => machines;

    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>How many pods a machine takes.</summary>
    public int Places { get; set; } = 10;

    /// <summary>How many evictions a budget holds before it lets go.</summary>
    public int Held { get; set; }

    /// <summary>Pods that never get ready.</summary>
    public bool Stuck { get; set; }

    /// <summary>What is against the rules and happened.</summary>
    public List<string> Broken { get; } = [];

    public bool Dark
    {
        set
        {
            lock (gate)
            {
                machines.Where(one => one.Zone == Lost).ToList().ForEach(one => one.Readiness = value ? NodeReadiness.Unknown : NodeReadiness.Ready);
                if (!value)
                {
                    pods.RemoveAll(pod => pod.Leaving);
                }
            }
        }
    }

    /// <summary>In a line: what must be as before after an unwinding.</summary>
    public string Summary
    {
        get
        {
            lock (gate)
            {
                return string.Join(", ", machines.Select(one => $"{one.Name}{(one.Cordoned ? " cordoned" : "")}").Concat(Workloads.Select(one => $"{one.Spec.Name} {one.Desired} {one.ScaledBy} {one.Former}")));
            }
        }
    }

    public ClusterObservation Observe(DateTimeOffset at)
    {
        lock (gate)
        {
            Settle();
            return new(
                at,
                [.. machines.Select(one => new ClusterNode(one.Name, one.Zone, one.Readiness, one.Cordoned, one.Cordoned ? one.By : null, new(Places - pods.Count(pod => pod.Node == one.Name), 100_000, 1L << 40)))],
                [.. Workloads.Select(one => new ClusterWorkload(one.Spec.Name, true, one.Spec.Role, one.Desired, Serving(one), Serving(one), one.Desired, Serving(one) >= one.Desired, one.ScaledBy, one.Former, true, new(1, 100, 1 << 20)))],
                [.. pods.Select(pod => new ClusterPod(pod.Name, pod.Uid, pod.Workload, pod.Node, At(pod).Zone, Ready(pod), pod.Leaving, null))],
                Held > 0 ? [new("fullnodes", ["fullnode"], 0)] : [], []);
        }
    }

    public void Cordon(string zone, string? by, string? of)
    {
        lock (gate)
        {
            foreach (var one in machines.Where(one => one.Zone == zone && (by is not null ? !one.Cordoned : one.Cordoned && one.By == of)))
            {
                (one.Cordoned, one.By) = (by is not null, by);
            }
        }
    }

    public void Scale(ScaleAct act)
    {
        lock (gate)
        {
            var one = Workloads.Single(one => one.Spec.Name == act.Workload);
            if (one.Spec.Role == NodeKind.Validator)
            {
                Broken.Add("a validator was scaled");
            }

            if (one.Desired == act.To)
            {
                return;
            }

            if (one.Desired != act.From)
            {
                throw new ApplicationFailureException($"{act.Workload} wants {one.Desired}, not {act.From}", ErrorTypes.Conflict, nonRetryable: true);
            }

            (one.Desired, one.ScaledBy, one.Former) = (act.To, act.Former is null ? null : act.Key.WorkflowId, act.Former);
            Settle();
        }
    }

    public EvictReport Evict(string zone)
    {
        lock (gate)
        {
            if (Held > 0)
            {
                Held--;
                throw new ApplicationFailureException("held by a disruption budget: fullnodes", ErrorTypes.Deadline, nonRetryable: true);
            }

            var there = pods.Where(pod => At(pod).Zone == zone && Role(pod) != NodeKind.Validator).ToList();
            var heard = there.Where(pod => At(pod).Readiness == NodeReadiness.Ready).ToList();
            there.ForEach(pod => pod.Leaving = true);
            pods.RemoveAll(heard.Contains);
            Settle();
            return new([.. heard.Select(pod => pod.Name)], [.. there.Except(heard).Select(pod => pod.Name)], []);
        }
    }

    /// <summary>Lets one pod go; null: it goes or is gone, else why not.</summary>
    public string? Release(string uid)
    {
        lock (gate)
        {
            if (Held > 0 && pods.Any(pod => pod.Uid == uid))
            {
                return "it would violate the pod's disruption budget";
            }

            if (pods.SingleOrDefault(pod => pod.Uid == uid) is { } there)
            {
                there.Leaving = true;
                pods.RemoveAll(pod => pod == there && At(pod).Readiness == NodeReadiness.Ready);
                Settle();
            }

            return null;
        }
    }

    /// <summary>Makes the pods of a workload anew.</summary>
    public void Renew(string workload)
    {
        lock (gate)
        {
            pods.RemoveAll(pod => pod.Workload == workload);
            Settle();
        }
    }

    private Machine At(Pod pod) => machines.Single(one => one.Name == pod.Node);

    private NodeKind Role(Pod pod) => Workloads.Single(one => one.Spec.Name == pod.Workload).Spec.Role;

    private bool Ready(Pod pod) => !Stuck && !pod.Leaving && At(pod).Readiness == NodeReadiness.Ready;

    private int Serving(Workload one) => pods.Count(pod => pod.Workload == one.Spec.Name && Ready(pod));

    /// <summary>The controllers: pods that leave count no more, and new ones go where a machine takes them.</summary>
    private void Settle()
    {
        foreach (var one in Workloads)
        {
            var own = pods.Where(pod => pod.Workload == one.Spec.Name && !pod.Leaving).ToList();
            foreach (var pod in own.Skip(one.Desired))
            {
                pods.Remove(pod);
            }

            for (var left = one.Desired - own.Count; left > 0; left--)
            {
                var at = machines.Where(machine => machine is { Readiness: NodeReadiness.Ready, Cordoned: false } && pods.Count(pod => pod.Node == machine.Name) < Places)
                    .OrderBy(machine => pods.Count(pod => pod.Node == machine.Name)).FirstOrDefault();
                if (at is null)
                {
                    break;
                }

                pods.Add(new($"{one.Spec.Name}-{made}", $"uid-{made++}", one.Spec.Name, at.Name));
            }
        }
    }
}
