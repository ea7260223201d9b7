using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What RB-DR-001 sees of a failed node and of what is around it, gathered again and again.</summary>
public sealed class NodeFailureSights(NodeSlice slice, NodeFailureCalls looks)
{
    private Outlook? outlook;
    private RecoveryPoint? point;
    private IReadOnlyList<BackupAge>? backups;
    private string? tight;

    /// <summary>Its host's view; where nobody takes a call there, an observation that knows nothing.</summary>
    public NodeObservation Node { get; private set; } = null!;

    /// <summary>Nobody takes a call on its host.</summary>
    public bool Absent { get; private set; }

    /// <summary>Its health as the control workers see it; null where there is nothing to look at.</summary>
    public HealthReport? Health { get; private set; }

    /// <summary>Who signs.</summary>
    public PowerReport Power { get; private set; } = null!;

    /// <summary>Looks at everything, records it, and classes what is wrong now.</summary>
    /// <param name="facts">Where it is recorded.</param>
    /// <param name="begun">An act was sent already: an absent host then parks the run.</param>
    public async Task<Diagnosis> GatherAsync(FactBook facts, bool begun)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var host = await looks.HostAsync(mayBeAbsent: !begun);
        Absent = host is null;
        Node = host ?? new() { At = new(Workflow.UtcNow, TimeSpan.Zero), Process = ProcessState.Unknown, DataPresent = true, Unknowns = ["node worker absent: nobody takes a call on its host"] };
        var runs = Node.Process == ProcessState.Running;
        Health = await looks.HealthAsync(runs);
        Power = await looks.PowerAsync();
        outlook = await looks.OutlookAsync(Health, runs);
        facts.Record("power", VotingPower.Describe(Power, slice.Target.Chain.BlockTime), Power.At);
        facts.Record("node", Absent ? "node worker absent" : NodeFailureFacts.Describe(Node), Node.At);
        facts.Record("health", Health is null ? "nothing to ask from outside" : RestoreFacts.Describe(Health), Health?.At);
        if (outlook is { } views && (views.Vantages.Count > 0 || views.Host is not null))
        {
            facts.Record("views", views.Text);
        }

        await MeasureAsync(facts, begun);
        var now = Diagnosis.Of(slice.Target.Node, Node, Health, outlook?.Cut, Absent);
        facts.Record("now", $"{now.Class}: {now.Evidence}", Node.At);
        return now;
    }

    /// <summary>The gate of a cure that takes a serving full node out where too few of its region are left; null where nobody has to be asked.</summary>
    /// <param name="cure">The cure that comes first; null: none.</param>
    public GateDeclaration? Gate(string? cure) => tight is null || cure is null or Cures.Standby ? null
        : new("service", $"Take {slice.Target.Node.Name}, which answers, out of service: {tight}?", cure switch { Cures.Restart => "restart-stop", Cures.StateSync => "statesync-stop", _ => "stop" });

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks()
    {
        if (Absent)
        {
            yield return "its node worker does not answer: what its host looks like is not known";
        }

        if (outlook?.Disagreement is { } disagreement)
        {
            yield return disagreement;
        }

        if (tight is not null)
        {
            yield return $"fewer than {RegionService.Fewest} full nodes are left in service while it is cured: {tight}";
        }

        if (point is not null && slice.ChainRpo is { } objective && !point.Meets(objective))
        {
            yield return "the recovery point objective of the chain's state is missed: " + point.Describe(objective);
        }
    }

    /// <summary>Measures where the slice says whom to ask. That it cannot be measured never stands in a cure's way.</summary>
    private async Task MeasureAsync(FactBook facts, bool begun)
    {
        if (slice.FullNodes is not { } nodes)
        {
            return;
        }

        Holdings? holdings = null;
        try
        {
            holdings = await Workflow.ExecuteActivityAsync(
                (IRpoActivities a) => a.MeasureAsync(new(slice.Target.Chain.Id, nodes, slice.Target.Chain.BlockTime)), Policies.Probe("measures which blocks the regions hold"));
            point = RecoveryPoint.Of(holdings);
            facts.Record("rpo", point.Describe(slice.ChainRpo), holdings.At);
            backups ??= await Workflow.ExecuteActivityAsync(
                (IRpoActivities a) => a.BackupsAsync(new(slice, slice.BackedUp)), Policies.Probe("looks for the newest proven backups"));
            facts.Record("backups", RecoveryPoint.Describe(backups, new(Workflow.UtcNow, TimeSpan.Zero)));
        }
        catch (ActivityFailureException e)
        {
            facts.Record(holdings is null ? "rpo" : "backups", "unknown: " + Failure.From(e).Message);
        }

        var spec = slice.Target.Node;
        if (!begun && spec.Kind is NodeKind.Full or NodeKind.Archive)
        {
            var service = RegionService.Of(spec, holdings, slice.Target.Chain.MaxLagBlocks);
            facts.Record("region", service.Text);

            // One that gives no answer serves nobody: taking it out takes nothing away.
            tight = service.Tight && Node.Process == ProcessState.Running && Health?.Height is not null ? service.Text : null;
        }
    }
}
