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

    /// <summary>How long another vantage point may take to take the call: a look that comes late says nothing about now.</summary>
    private static readonly TimeSpan VantagePatience = TimeSpan.FromSeconds(15);

    private readonly HealthCalls health = new(slice);

    private string Node => slice.Target.Node.Name;

    /// <summary>Who signs.</summary>
    public Task<PowerReport> PowerAsync() => Workflow.ExecuteActivityAsync(
        (IChainActivities a) => a.PowerAsync(new(slice.Target.Chain.Id, slice.References)), Policies.Probe("counts the voting power"));

    /// <summary>Its host's view; null where nobody takes the call on its host: that is a fact about the host.</summary>
    /// <param name="mayBeAbsent">False where an act was sent already: then an absent worker parks the run.</param>
    public async Task<NodeObservation?> HostAsync(bool mayBeAbsent)
    {
        try
        {
            return await host.ObserveAsync();
        }
        catch (ActivityFailureException e) when (mayBeAbsent && Failure.From(e).Type == Failure.NodeWorkerAbsent && Workflow.Patched("node-worker-absent"))
        {
            return null;
        }
    }

    /// <summary>Its health from the control workers; null where there is nothing to look at.</summary>
    public async Task<HealthReport?> HealthAsync(bool runs)
    {
        if (!health.CanLook)
        {
            return null;
        }

        var report = await health.LookAsync($"looks at the health of {Node}");
        return runs && report.Findings.Contains(HealthFindings.Silent)
            ? await health.WatchAsync(0, Patience, $"gives {Node} time to answer")
            : report;
    }

    /// <summary>What other vantage points see beside the control workers; its own host is asked too where it runs and nobody outside gets an answer.</summary>
    public async Task<Outlook?> OutlookAsync(HealthReport? control, bool runs)
    {
        if (control is null)
        {
            return null;
        }

        var vantages = await Workflow.WhenAllAsync(slice.Vantages.Select(from => ViewAsync("the worker of " + from, from)));
        var silent = control.Findings.Contains(HealthFindings.Silent);
        var own = silent && runs && Workflow.Patched("own-view") ? await ViewAsync("its own host", Node) : null;
        return new(control, vantages, own);
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

    private async Task<View> ViewAsync(string name, string from)
    {
        try
        {
            return new(name, await health.LookAsync($"looks at {Node} from {from}", from, VantagePatience));
        }
        catch (ActivityFailureException e)
        {
            // A vantage point that cannot look is no view: it neither helps nor hinders.
            return new(name, null, Failure.From(e).Message);
        }
    }

    private async Task<(bool Helped, string Text)> LookAsync(TimeSpan within)
    {
        try
        {
            return (true, RestoreFacts.Describe(await health.AwaitAsync(0, int.MaxValue / 2, within, $"waits whether it helped {Node}")));
        }
        catch (ActivityFailureException e) when (e.InnerException is ApplicationFailureException { ErrorType: ErrorTypes.Deadline } late)
        {
            return (false, late.Message);
        }
    }
}
