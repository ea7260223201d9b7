using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Reads the chain through RPC; control queue.</summary>
public interface IChainActivities
{
    /// <summary>The chain's height and hash as several RPCs agree on, and its voting power.</summary>
    [Activity("chain.observe")]
    Task<ChainObservation> ObserveAsync(ChainQuery query);

    /// <summary>Who signs and who is absent, from the first reference that answers; nobody answering is an answer with unknowns.</summary>
    [Activity("chain.power")]
    Task<PowerReport> PowerAsync(ChainQuery query);

    /// <summary>The node's health, three-valued, against independent references.</summary>
    [Activity("chain.health")]
    Task<HealthReport> HealthAsync(HealthQuery query);

    /// <summary>Probes inside one heartbeating call until the node is healthy; fails with <see cref="ErrorTypes.Deadline"/> and the last report.</summary>
    [Activity("chain.await-healthy")]
    Task<HealthReport> AwaitHealthyAsync(HealthQuery query);

    /// <summary>
    /// Probes inside one heartbeating call for at most <see cref="HealthQuery.Within"/>. Returns at once when the node has become
    /// unhealthy (seen several times in a row), else the last report when the time is over.
    /// </summary>
    [Activity("chain.watch-health")]
    Task<HealthReport> WatchHealthAsync(HealthQuery query);

    /// <summary>The states that several nodes have come to, at equal heights. A node that does not answer, and nobody answering, is an answer.</summary>
    [Activity("chain.compare")]
    Task<StateComparison> CompareAsync(StateQuery query);
}

/// <summary>Which RPCs to ask.</summary>
/// <param name="ChainId">An RPC of another chain is refused.</param>
/// <param name="References">RPC URLs by node name.</param>
public sealed record ChainQuery(string ChainId, IReadOnlyList<RpcEndpoint> References);

/// <summary>An RPC.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Url">Its URL.</param>
public sealed record RpcEndpoint(string Node, string Url);

/// <summary>The chain as observed.</summary>
/// <param name="At">When.</param>
/// <param name="Height">The highest height that an RPC showed; null when none answered.</param>
/// <param name="BlockTime">The time of that block.</param>
/// <param name="Answered">Who answered.</param>
/// <param name="Unreachable">Who did not, and why.</param>
public sealed record ChainObservation(
    DateTimeOffset At, long? Height, DateTimeOffset? BlockTime, IReadOnlyList<string> Answered, IReadOnlyList<string> Unreachable);

/// <summary>Whose health, against whom.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Node">The node's own RPC.</param>
/// <param name="References">Other nodes' RPCs; without any the answer is at best unknown.</param>
/// <param name="MaxLagBlocks">Allowed distance to the references.</param>
/// <param name="MaxBlockAge">Allowed age of the latest block.</param>
/// <param name="Within">For the awaiting call: how long.</param>
/// <param name="AtLeastHeight">The height must have passed this.</param>
public sealed record HealthQuery(
    string ChainId, RpcEndpoint Node, IReadOnlyList<RpcEndpoint> References, int MaxLagBlocks, TimeSpan MaxBlockAge, TimeSpan Within,
    long AtLeastHeight);

/// <summary>Three values; unknown is never healthy.</summary>
public enum Health
{
    /// <summary>It could not be found out.</summary>
    Unknown,

    /// <summary>Proven.</summary>
    Healthy,

    /// <summary>Known to be bad.</summary>
    Unhealthy,
}

/// <summary>Health with its evidence.</summary>
/// <param name="At">When.</param>
/// <param name="Health">The verdict.</param>
/// <param name="Height">The node's height.</param>
/// <param name="ReferenceHeight">The highest reference.</param>
/// <param name="Peers">Connected peers.</param>
/// <param name="AppHashAgreesAt">The height at which its app hash equals a reference's.</param>
/// <param name="AppHash">That hash, upper-case hex.</param>
/// <param name="Reasons">Each check and its result, for people.</param>
public sealed record HealthReport(
    DateTimeOffset At, Health Health, long? Height, long? ReferenceHeight, int? Peers, long? AppHashAgreesAt, string? AppHash,
    IReadOnlyList<string> Reasons)
{
    /// <summary>What was found to be bad or could not be found out, see <see cref="HealthFindings"/>.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}
