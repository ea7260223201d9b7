using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>How every runbook looks at a node from outside, whatever it is: a chain's node through its RPC, everything else by its probe.</summary>
public sealed class HealthCalls(NodeSlice slice)
{
    private NodeSpec Node => slice.Target.Node;

    /// <summary>Whether this kind of node is looked at by a probe.</summary>
    public static bool IsProbed(NodeKind kind) => kind is NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring;

    /// <summary>Whether there is something to look at.</summary>
    public bool CanLook => WhyNotLook(Node) is null;

    /// <summary>Why a node cannot be looked at from outside; null when it can.</summary>
    public static string? WhyNotLook(NodeSpec node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return IsProbed(node.Kind) ? node.Probe is null ? $"not configured: the probe of {node.Name} in the estate" : null
            : node.Rpc is null ? "not configured: the node has no RPC in the estate" : null;
    }

    /// <summary>One look.</summary>
    /// <param name="summary">For people.</param>
    /// <param name="from">The node whose worker looks; null: a control worker.</param>
    /// <param name="patience">How long that worker may take to take the call.</param>
    public Task<HealthReport> LookAsync(string summary, string? from = null, TimeSpan? patience = null)
    {
        var options = Policies.Probe(summary);
        if (from is not null)
        {
            options.OnNode(from, patience);
        }

        return IsProbed(Node.Kind)
            ? Workflow.ExecuteActivityAsync((IProbeActivities a) => a.LookAsync(Probe(int.MinValue, TimeSpan.Zero)), options)
            : Workflow.ExecuteActivityAsync((IChainActivities a) => a.HealthAsync(Chain(0, slice.Target.Chain.MaxLagBlocks, TimeSpan.Zero)), options);
    }

    /// <summary>Waits until it is healthy; a failure carries the last report.</summary>
    public Task<HealthReport> AwaitAsync(long atLeastHeight, int maxLag, TimeSpan within, string summary) => IsProbed(Node.Kind)
        ? Workflow.ExecuteActivityAsync((IProbeActivities a) => a.AwaitHealthyAsync(Probe(maxLag, within)), Policies.Watch(summary, within))
        : Workflow.ExecuteActivityAsync((IChainActivities a) => a.AwaitHealthyAsync(Chain(atLeastHeight, maxLag, within)), Policies.Watch(summary, within));

    /// <summary>Watches it for at most the given time.</summary>
    public Task<HealthReport> WatchAsync(long atLeastHeight, TimeSpan within, string summary, CancellationToken? cancellation = null)
    {
        var options = Policies.Watch(summary, within);
        if (cancellation is { } token)
        {
            options.CancellationToken = token;
            options.CancellationType = ActivityCancellationType.TryCancel;
        }

        return IsProbed(Node.Kind)
            ? Workflow.ExecuteActivityAsync((IProbeActivities a) => a.WatchAsync(Probe(int.MinValue, within)), options)
            : Workflow.ExecuteActivityAsync((IChainActivities a) => a.WatchHealthAsync(Chain(atLeastHeight, slice.Target.Chain.MaxLagBlocks, within)), options);
    }

    private HealthQuery Chain(long atLeastHeight, int maxLag, TimeSpan within)
    {
        var chain = slice.Target.Chain;
        return new(chain.Id, new(Node.Name, Node.Rpc!), slice.References, maxLag, chain.MaxBlockAge, within, atLeastHeight);
    }

    /// <summary>What is behind a gateway catches up by itself: for it the estate's distance holds at once.</summary>
    private ProbeQuery Probe(int maxLag, TimeSpan within)
    {
        var chain = slice.Target.Chain;
        return new(Node.Name, Node.Kind, Node.Probe!, chain.Id, slice.References, Math.Max(maxLag, chain.MaxLagBlocks), chain.MaxBlockAge, within);
    }
}
