using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>What the two runbooks of a zone share: what they pin, which locks they take, and how they look at the zone.</summary>
/// <param name="header">The run's header.</param>
/// <param name="region">The region.</param>
/// <param name="zone">The zone.</param>
public abstract class ZoneRunbook(RunHeader header, string region, string zone) : Runbook(header)
{
    /// <summary>How long a rollout may take, as the plan says.</summary>
    protected static readonly TimeSpan RolloutWithin = TimeSpan.FromSeconds(300);

    /// <summary>How long is watched for a relapse, as the plan says.</summary>
    protected static readonly TimeSpan WatchPeriod = TimeSpan.FromHours(1);

    /// <summary>The estate's slice.</summary>
    protected ZoneSlice Slice { get; private set; } = null!;

    /// <summary>The calls.</summary>
    protected ClusterCalls Calls { get; private set; } = null!;

    /// <summary>The cluster as it was seen last.</summary>
    protected ClusterObservation Now { get; private set; } = null!;

    /// <summary>The zone as it was seen last.</summary>
    protected ZoneSight Zone { get; private set; } = null!;

    /// <summary>The objective; null where there is none.</summary>
    protected virtual TimeSpan? Rto => null;

    /// <inheritdoc/>
    public override async Task<RunScope> PinAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Slice = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.ZoneAsync(region, zone), Policies.Probe("reads the estate"));
        Calls = new(Slice);
        facts.Record("estate", $"{Slice.EstateDigest[..Math.Min(12, Slice.EstateDigest.Length)]}, {(Slice.Simulated ? "simulated" : "real")}");
        return new()
        {
            Region = region,
            Rto = Rto,
            Approvals = Slice.Approvals,
            Channels = Slice.Channels,
            Simulated = Slice.Simulated,

            // Scaling is the cluster's and not a zone's: two zones of a region are not moved at once.
            Locks = [Names.LockId("zone", $"{region}/{zone}"), Names.LockId("cluster", region)],
            SharedLocks = [Names.LockId("region", region)],
            Relapses = Slice.Watch.Relapses,
        };
    }

    /// <summary>Looks at the cluster.</summary>
    protected async Task LookAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Now = await Calls.LookAsync();
        Zone = ZoneSight.Of(Now, Slice.Zone);
        facts.Record("zone", Zone.Text, Now.At);
        facts.Record("workloads", ZonePlan.Describe(Now), Now.At);
    }
}
