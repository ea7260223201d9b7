using VirtEngine.DR.Contracts.LoadBalancers;

namespace VirtEngine.DR.Activities.LoadBalancers;

/// <summary>Opens the load balancing of a region.</summary>
public interface ILoadBalancers
{
    /// <summary>The load balancing of a region.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotConfigured: there is no such way, or the cluster's kubeconfig cannot be read.</exception>
    ILoadBalancer Of(ExclusionTarget target);
}

/// <summary>
/// Takes a zone out of a region's load balancer and lets it in again. Every exclusion has a run that made it and a time at which it expires. What somebody else
/// excluded stays theirs. Late attempts of a run find themselves fenced.
/// </summary>
public interface ILoadBalancer
{
    /// <summary>A zone as load balancers see it.</summary>
    Task<ExclusionObservation> LookAsync(string zone, CancellationToken cancellationToken);

    /// <summary>Takes a zone out. Machines that are out already stay as they are.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">InvalidInput: the expiry. NotFound: the zone. Conflict: nothing would be left to send to.</exception>
    Task<ExclusionObservation> ExcludeAsync(ExcludeAct act, CancellationToken cancellationToken);

    /// <summary>Lets the exclusions of the act's run last until another time, and excludes nothing more.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">InvalidInput: the expiry. Conflict: there is none of this run.</exception>
    Task<ExclusionObservation> RenewAsync(ExcludeAct act, CancellationToken cancellationToken);

    /// <summary>Lets in again what one run took out.</summary>
    Task<ExclusionObservation> LiftAsync(LiftAct act, CancellationToken cancellationToken);

    /// <summary>Lets in again what a run took out and whose time is over, or was never said, in every zone.</summary>
    /// <returns>What was let in, as it was.</returns>
    Task<IReadOnlyList<BalancedNode>> LiftExpiredAsync(CancellationToken cancellationToken);
}
