using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The looks that RB-DR-001 takes at a node from outside.</summary>
public sealed class NodeFailureCalls(NodeSlice slice, RestoreCalls host)
{
    /// <summary>Together a minute and a half: what starts within that is not torn.</summary>
    private const int Looks = 9;

    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(10);

    /// <summary>How long a node that runs and does not answer is looked at before it counts as stuck: it may just have been started.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private string Node => slice.Target.Node.Name;

    /// <summary>Who signs.</summary>
    public Task<PowerReport> PowerAsync() => Workflow.ExecuteActivityAsync(
        (IChainActivities a) => a.PowerAsync(new(slice.Target.Chain.Id, slice.References)), Policies.Probe("counts the voting power"));

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

    /// <summary>Whether a start helped: healthy within the time, or ended again before, or what was seen last.</summary>
    public async Task<(bool Helped, string Text)> HelpedAsync()
    {
        for (var look = 1; ; look++)
        {
            var (helped, text) = await LookAsync(OneLook);
            if (helped || look == Looks)
            {
                return (helped, text);
            }

            // A node that ended again will not become healthy: its own log says why, and the next cure need not wait.
            var now = await host.ObserveAsync();
            if (now.Process == ProcessState.Stopped)
            {
                return (false, $"it ended again: {string.Join("; ", now.Symptoms.Select(symptom => symptom.Line).DefaultIfEmpty("its log says nothing that is known"))}");
            }
        }
    }

    private async Task<(bool Helped, string Text)> LookAsync(TimeSpan within)
    {
        var query = Query(0, within) with { MaxLagBlocks = int.MaxValue / 2 };
        try
        {
            var report = await Workflow.ExecuteActivityAsync((IChainActivities a) => a.AwaitHealthyAsync(query), Policies.Watch($"waits whether it helped {Node}", within));
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
