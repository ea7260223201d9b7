using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>Reads the chain through RPC.</summary>
public sealed class ChainActivities(IChainRpcFactory rpcs) : IChainActivities
{
    /// <inheritdoc/>
    [Activity("chain.observe")]
    public Task<ChainObservation> ObserveAsync(ChainQuery query)
    {
        Check(query.ChainId, query.References);
        return ActivityScope.HeartbeatingAsync(async token =>
        {
            var asked = await Task.WhenAll(query.References.Select(endpoint => AskAsync(endpoint, query.ChainId, token))).ConfigureAwait(false);
            var best = asked.Select(one => one.Status).OfType<ChainStatus>().MaxBy(status => status.Height);
            return new ChainObservation(
                DateTimeOffset.UtcNow,
                best?.Height,
                best?.BlockTime,
                [.. asked.Where(one => one.Status is not null).Select(one => one.Node)],
                [.. asked.Where(one => one.Status is null).Select(one => $"{one.Node}: {one.Problem}")]);
        });
    }

    /// <inheritdoc/>
    [Activity("chain.power")]
    public Task<PowerReport> PowerAsync(ChainQuery query)
    {
        Check(query.ChainId, query.References);
        return ActivityScope.HeartbeatingAsync(async token =>
        {
            var problems = new List<string>();
            foreach (var reference in query.References)
            {
                try
                {
                    return await new PowerCount(rpcs.Create(new Uri(reference.Url)), query.ChainId).CountAsync(token).ConfigureAwait(false);
                }
                catch (ChainRpcException e)
                {
                    problems.Add($"{reference.Node}: {e.Message}");
                }
            }

            return new PowerReport(DateTimeOffset.UtcNow, null, 0, 0, [], null, problems.Count > 0 ? problems : ["the estate has no other node to ask"]);
        });
    }

    /// <inheritdoc/>
    [Activity("chain.health")]
    public Task<HealthReport> HealthAsync(HealthQuery query)
    {
        Check(query.ChainId, [query.Node, .. query.References]);
        return ActivityScope.HeartbeatingAsync(token => new NodeHealth(rpcs, query).CheckAsync(token));
    }

    /// <inheritdoc/>
    [Activity("chain.await-healthy")]
    public Task<HealthReport> AwaitHealthyAsync(HealthQuery query) => Loop(query).AwaitHealthyAsync(query.Within);

    /// <inheritdoc/>
    [Activity("chain.watch-health")]
    public Task<HealthReport> WatchHealthAsync(HealthQuery query) => Loop(query).WatchAsync(query.Within);

    /// <inheritdoc/>
    [Activity("chain.compare")]
    public Task<StateComparison> CompareAsync(StateQuery query)
    {
        Check(query.ChainId, query.Nodes);
        return ActivityScope.HeartbeatingAsync(token => new StateComparer(rpcs, query).CompareAsync(token));
    }

    internal static void Check(string chainId, IEnumerable<RpcEndpoint> endpoints)
    {
        var problems = new List<string>();
        if (chainId.Length == 0)
        {
            problems.Add("chainId is empty; give the chain's id");
        }

        problems.AddRange(endpoints
            .Where(endpoint => !Uri.TryCreate(endpoint.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            .Select(endpoint => $"the RPC of '{endpoint.Node}' is '{endpoint.Url}'; allowed are http:// and https:// URLs"));
        if (problems.Count > 0)
        {
            throw Failures.Invalid(problems);
        }
    }

    private HealthLoop Loop(HealthQuery query)
    {
        Check(query.ChainId, [query.Node, .. query.References]);
        return new(query.Node.Node, token => new NodeHealth(rpcs, query).CheckAsync(token));
    }

    private async Task<(string Node, ChainStatus? Status, string? Problem)> AskAsync(RpcEndpoint endpoint, string chainId, CancellationToken token)
    {
        try
        {
            var status = await rpcs.Create(new Uri(endpoint.Url)).StatusAsync(token).ConfigureAwait(false);
            return status.ChainId == chainId
                ? (endpoint.Node, status, null)
                : (endpoint.Node, null, $"is of chain '{status.ChainId}', not '{chainId}'");
        }
        catch (ChainRpcException e)
        {
            return (endpoint.Node, null, e.Message);
        }
    }
}
