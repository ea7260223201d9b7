using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>One node's world in memory, as the activities find it; fences by the attempt number as a node's worker does.</summary>
public sealed class World(string node)
{
    private readonly ConcurrentDictionary<string, int> highest = new();

    public string Node => node;

    /// <summary>The time that the world lives in.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Faults Faults { get; } = new();

    public ProcessState Process { get; set; } = ProcessState.Running;

    /// <summary>What state sync and trust anchors find.</summary>
    public SyncWorld Sync { get; } = new();

    /// <summary>What of its state is wrong.</summary>
    public CorruptWorld Corrupt { get; } = new();

    /// <summary>The region's cluster; null where it has none.</summary>
    public ClusterWorld? Cluster { get; set; }

    /// <summary>What is planned for the whole chain.</summary>
    public PlanWorld Plans { get; } = new();

    /// <summary>Other nodes of the estate whose slices are asked for.</summary>
    public IReadOnlyList<string> Others => [.. References.Select(r => r.Node), .. Standby is { } other ? [other.Node] : Array.Empty<string>(), .. Signer is { Other: not null } signer ? [signer.OtherNode] : Array.Empty<string>()];

    /// <summary><c>former</c>, <c>backup</c>, or <c>synced</c>: empty, and what a state sync fetched.</summary>
    public string Data { get; set; } = "former";

    /// <summary><c>none</c>, <c>partial</c> or <c>complete</c>.</summary>
    public string Staged { get; set; } = "none";

    public bool Healthy { get; set; } = true;

    /// <summary>The former data is whole: the node is healthy on it as soon as it runs.</summary>
    public bool FormerIsWhole { get; set; }

    /// <summary>For a frozen process: a signal did it.</summary>
    public bool Hung { get; set; }

    /// <summary>What a start brings about.</summary>
    public Action<World>? OnStart { get; set; }

    public bool DataPresent { get; set; } = true;

    /// <summary>What its log says; a start on other data silences it.</summary>
    public IReadOnlyList<Symptom> Symptoms { get; set; } = [];

    /// <summary>What is found where the node is not healthy and runs.</summary>
    public IReadOnlyList<string> Findings { get; set; } = [Contracts.Chain.HealthFindings.Standing];

    /// <summary>Former data on the node's host, by name.</summary>
    public ConcurrentDictionary<string, Contracts.Backups.KeptFolder> Kept { get; } = new();

    public long ChainHeight { get; set; } = 1200;

    public NodeKind Kind { get; set; } = NodeKind.Full;

    public bool HoldsConsensusKey { get; set; }

    /// <summary>It is looked at by a probe.</summary>
    public bool Probed => Kind is NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring;

    /// <summary>The estate says how it is probed.</summary>
    public bool HasProbe { get; set; } = true;

    /// <summary>Whom the network is cut from: <c>control</c>, or a node's name.</summary>
    public IReadOnlyList<string> CutFrom { get; set; } = [];

    /// <summary>Other nodes whose workers look too.</summary>
    public IReadOnlyList<string> Vantages { get; set; } = [];

    /// <summary>What the full nodes hold; null: the slices name none, as before they were counted.</summary>
    public Contracts.Chain.Holdings? Holdings { get; set; }

    /// <summary>The node that stands in for this one, a world of its own; null: none.</summary>
    public World? Standby { get; set; }

    /// <summary>The interlock; null: the host is not enrolled.</summary>
    public SignerWorld? Signer { get; set; }

    /// <summary>The chain's power budget; null: the estate names no register.</summary>
    public BudgetWorld? Budget { get; set; }

    /// <summary>Another node's world, with workers of its own.</summary>
    public World? Twin { get; set; }

    /// <summary>The world of a node: this one, or one of its twins; null where it is nobody's.</summary>
    public World? Find(string name) => node == name ? this : Twin?.Find(name);

    /// <summary>The home: <c>whole</c>, <c>lost</c>, <c>partial</c> or <c>prepared</c>.</summary>
    public string Home { get; set; } = "whole";

    /// <summary>The p2p id; null where there is no node key.</summary>
    public string? NodeId { get; set; } = "former-id";

    public bool Simulated { get; set; } = true;

    /// <summary>The toy's switches.</summary>
    public ConcurrentDictionary<string, string> Switches { get; } = new();

    /// <summary>What the toy measures.</summary>
    public long Measure { get; set; } = 5;

    /// <summary>What a watch sees next: a relapse, or <c>unknown</c>.</summary>
    public ConcurrentQueue<string> Relapses { get; } = new();

    /// <summary>From when on a watch sees it unhealthy; null: never.</summary>
    public DateTimeOffset? RelapseAt { get; set; }

    /// <summary>How long a restored node is watched.</summary>
    public WatchSpec Watch { get; set; } = new() { Period = TimeSpan.Zero };

    /// <summary>The node's region: of this world alone unless a test shares it.</summary>
    public string Region { get; set; } = "us-" + node;

    /// <summary>The schedules as the server shows them.</summary>
    public IReadOnlyList<Contracts.Backups.ScheduleLook> Schedules { get; set; } = [];

    public bool NotifyWorks { get; set; } = true;

    /// <summary>The estate's contacts.</summary>
    public IReadOnlyList<ContactSpec> Contacts { get; set; } = [];

    /// <summary>Aftermaths that were kept at their end.</summary>
    public ConcurrentQueue<Contracts.Incidents.AftermathState> Aftermaths { get; } = new();

    public IReadOnlyList<string> Newer { get; set; } = [];

    public ApprovalSpec Approvals { get; set; } = new() { Required = 1 };

    public IReadOnlyList<RpcEndpointName> References { get; set; } = [new("full-9")];

    /// <summary>What a capture says that it left out.</summary>
    public IReadOnlyList<string>? LeftOut { get; set; }

    /// <summary>Every mutating call that reached the world and was let in, in order.</summary>
    public ConcurrentQueue<(string Activity, StepKey Key)> Acts { get; } = new();

    public ConcurrentQueue<Notification> Notifications { get; } = new();

    /// <summary>When each notification came.</summary>
    public ConcurrentQueue<DateTimeOffset> PagedAt { get; } = new();

    public ConcurrentQueue<RunState> Evidence { get; } = new();

    /// <summary>The state that an abort must lead back to and a success must leave.</summary>
    public string Summary => $"{Process}/{Data}";

    /// <summary>Lets a mutating call in, or refuses it as the target's worker does; each target keeps its own highest number.</summary>
    public void Admit(string activity, StepKey key, string target = "node")
    {
        ArgumentNullException.ThrowIfNull(key);
        var runsFor = ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current.Info.WorkflowRunId : key.Execution;
        if (key.RunId != key.FirstRunId || (key.Execution is { } asked && asked != runsFor))
        {
            throw new ApplicationFailureException("this run was reset; it may only be repaired", ErrorTypes.Forbidden, nonRetryable: true);
        }

        var seen = highest.AddOrUpdate($"{key.FirstRunId}/{target}", key.Number, (_, old) => Math.Max(old, key.Number));
        if (key.Number < seen)
        {
            throw new ApplicationFailureException($"attempt {key.Number} is older than {seen}", ErrorTypes.Fenced, nonRetryable: true);
        }

        Acts.Enqueue((activity, key));
    }
}
