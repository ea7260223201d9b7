using Temporalio.Activities;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Contracts.Observe;

/// <summary>Looks at provider daemons, API gateways and monitoring servers; control queue, and node queues as further vantage points.</summary>
public interface IProbeActivities
{
    /// <summary>One look, three-valued.</summary>
    [Activity("probe.look")]
    Task<HealthReport> LookAsync(ProbeQuery query);

    /// <summary>Looks inside one heartbeating call until it is healthy; fails with <see cref="ErrorTypes.Deadline"/> and the last report.</summary>
    [Activity("probe.await-healthy")]
    Task<HealthReport> AwaitHealthyAsync(ProbeQuery query);

    /// <summary>As <see cref="IChainActivities.WatchHealthAsync"/>.</summary>
    [Activity("probe.watch")]
    Task<HealthReport> WatchAsync(ProbeQuery query);
}
