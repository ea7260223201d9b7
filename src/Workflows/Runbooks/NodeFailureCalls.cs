using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The looks that RB-DR-001 takes at a node from outside.</summary>
public sealed class NodeFailureCalls(NodeSlice slice)
{
    /// <summary>How long a node that runs and does not answer is looked at before it counts as stuck: it may just have been started.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private string Node => slice.Target.Node.Name;

    /// <summary>Its health from the control workers; null where it has no RPC.</summary>
    public async Task<HealthReport?> HealthAsync(bool runs)
    {
        if (slice.Target.Node.Rpc is null)
        {
            return null;
        }

        var report = await Workflow.ExecuteActivityAsync(
            (IChainActivities a) => a.HealthAsync(Query(0, TimeSpan.Zero)), Policies.Probe($"looks at the health of {Node}"));
        return runs && report.Findings.Contains(HealthFindings.Silent)
            ? await Workflow.ExecuteActivityAsync(
                (IChainActivities a) => a.WatchHealthAsync(Query(0, Patience)), Policies.Watch($"gives {Node} time to answer", Patience))
            : report;
    }

    /// <summary>Whether a cure helped: healthy within the time, or what was seen last.</summary>
    public async Task<(bool Helped, string Text)> HelpedAsync(long atLeastHeight, TimeSpan within)
    {
        var query = Query(atLeastHeight, within) with { MaxLagBlocks = int.MaxValue / 2 };
        try
        {
            var report = await Workflow.ExecuteActivityAsync(
                (IChainActivities a) => a.AwaitHealthyAsync(query), Policies.Watch($"waits whether it helped {Node}", within));
            return (true, RestoreFacts.Describe(report));
        }
        catch (ActivityFailureException e) when (e.InnerException is ApplicationFailureException { ErrorType: ErrorTypes.Deadline } late)
        {
            return (false, late.Message);
        }
    }

    private HealthQuery Query(long atLeastHeight, TimeSpan within)
    {
        var chain = slice.Target.Chain;
        return new(chain.Id, new(Node, slice.Target.Node.Rpc!), slice.References, chain.MaxLagBlocks, chain.MaxBlockAge, within, atLeastHeight);
    }
}
