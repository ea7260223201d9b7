using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>Reads the chain through RPC.</summary>
public sealed class ChainActivities(IChainRpcFactory rpcs) : IChainActivities
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    [Activity("chain.observe")]
    public Task<ChainObservation> ObserveAsync(ChainQuery query)
    {
        Check(query.ChainId, query.References);
        return ActivityScope.HeartbeatingAsync(async token =>
        {
            var asked = await Task.WhenAll(query.References.Select(endpoint => AskAsync(endpoint, query.ChainId, token))).ConfigureAwait(false);
            var best = asked.Where(one => one.Status is not null).MaxBy(one => one.Status!.Height).Status;
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
    public Task<HealthReport> AwaitHealthyAsync(HealthQuery query)
    {
        Check(query.ChainId, [query.Node, .. query.References]);
        HealthReport? last = null;
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var deadline = DateTime.UtcNow + query.Within;
                while (true)
                {
                    last = await new NodeHealth(rpcs, query).CheckAsync(token).ConfigureAwait(false);
                    if (last.Health == Health.Healthy)
                    {
                        return last;
                    }

                    if (DateTime.UtcNow + Between > deadline)
                    {
                        throw Failures.Permanent(
                            ErrorTypes.Deadline,
                            $"'{query.Node.Node}' is {last.Health} after {query.Within.TotalSeconds:0} s: {string.Join("; ", last.Reasons)}",
                            inner: null,
                            last);
                    }

                    await Task.Delay(Between, token).ConfigureAwait(false);
                }
            },
            () => last);
    }

    /// <inheritdoc/>
    [Activity("chain.watch-health")]
    public Task<HealthReport> WatchHealthAsync(HealthQuery query)
    {
        Check(query.ChainId, [query.Node, .. query.References]);
        HealthReport? last = null;
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var deadline = DateTime.UtcNow + query.Within;
                var run = new RelapseWatch();
                while (true)
                {
                    last = await new NodeHealth(rpcs, query).CheckAsync(token).ConfigureAwait(false);
                    if (run.Judge(last) is { } relapse)
                    {
                        return relapse;
                    }

                    if (DateTime.UtcNow + WatchEvery > deadline)
                    {
                        // The time is over within a bad run that is too short to count: nobody knows.
                        return last.Health == Health.Unhealthy ? last with { Health = Health.Unknown } : last;
                    }

                    await Task.Delay(WatchEvery, token).ConfigureAwait(false);
                }
            },
            () => last);
    }

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
