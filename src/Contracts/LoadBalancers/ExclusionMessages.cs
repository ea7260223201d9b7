using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.LoadBalancers;

/// <summary>What takes a zone out of the load balancer.</summary>
public enum ExclusionKind
{
    /// <summary>The machines of the zone are marked, so that the load balancers of Services send them nothing.</summary>
    Service,

    /// <summary>The zone's addresses are taken out of the DNS.</summary>
    Dns,
}

/// <summary>A region's load balancing.</summary>
/// <param name="Cluster">The region's cluster.</param>
/// <param name="By">What takes a zone out.</param>
public sealed record ExclusionTarget(ClusterTarget Cluster, ExclusionKind By);

/// <summary>A machine as load balancers see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Excluded">They send it nothing.</param>
/// <param name="By">The run that excluded it; null: a person or another program, or it is not.</param>
/// <param name="Until">When that exclusion expires; null: never said.</param>
public sealed record BalancedNode(string Name, bool Excluded, string? By, DateTimeOffset? Until);

/// <summary>A zone as load balancers see it.</summary>
/// <param name="At">When.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Nodes">Its machines, by name.</param>
/// <param name="Others">How many ready machines of other zones they send to.</param>
public sealed record ExclusionObservation(DateTimeOffset At, string Zone, IReadOnlyList<BalancedNode> Nodes, int Others);

/// <summary>Takes a zone out of the load balancer for a while, or lets an exclusion last longer.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Until">When it expires: at most <see cref="ExclusionLimits.Longest"/> from now.</param>
public sealed record ExcludeAct(StepKey Key, string Zone, DateTimeOffset Until);

/// <summary>Lets a zone into the load balancer again.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Zone">The zone.</param>
/// <param name="By">The run whose exclusions are lifted; those of anybody else stay.</param>
public sealed record LiftAct(StepKey Key, string Zone, string By);

/// <summary>How long an exclusion may last.</summary>
public static class ExclusionLimits
{
    /// <summary>The longest time from now; what is needed longer is renewed by somebody who looked. AWS's zonal shift has the same limit.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(72);
}
