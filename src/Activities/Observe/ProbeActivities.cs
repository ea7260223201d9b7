using Temporalio.Activities;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>Looks at provider daemons, API gateways and monitoring servers.</summary>
/// <param name="http">Asks them.</param>
/// <param name="rpcs">Asks the references of a gateway.</param>
public sealed class ProbeActivities(IProbeHttp http, IChainRpcFactory rpcs) : IProbeActivities
{
    /// <inheritdoc/>
    [Activity("probe.look")]
    public Task<HealthReport> LookAsync(ProbeQuery query)
    {
        Check(query);
        return ActivityScope.HeartbeatingAsync(token => new ComponentHealth(http, rpcs, query).CheckAsync(token));
    }

    /// <inheritdoc/>
    [Activity("probe.await-healthy")]
    public Task<HealthReport> AwaitHealthyAsync(ProbeQuery query) => Loop(query).AwaitHealthyAsync(query.Within);

    /// <inheritdoc/>
    [Activity("probe.watch")]
    public Task<HealthReport> WatchAsync(ProbeQuery query) => Loop(query).WatchAsync(query.Within);

    private HealthLoop Loop(ProbeQuery query)
    {
        Check(query);
        return new(query.Node, token => new ComponentHealth(http, rpcs, query).CheckAsync(token));
    }

    private static void Check(ProbeQuery query)
    {
        var problems = new List<string>();
        if (query.Kind is not (NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring))
        {
            problems.Add($"kind is {query.Kind}; allowed are {NodeKind.Provider}, {NodeKind.Gateway}, {NodeKind.Monitoring}");
        }

        if (!Uri.TryCreate(query.Probe.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            problems.Add($"the probe of '{query.Node}' is '{query.Probe.Url}'; allowed are http:// and https:// URLs");
        }

        if (problems.Count > 0)
        {
            throw Failures.Invalid(problems);
        }

        ChainActivities.Check(query.ChainId, query.References);
    }
}
