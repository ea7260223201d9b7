using System.Globalization;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>
/// Judges a node's health against independent references. Three-valued: one check that is known to be bad makes it unhealthy, one
/// that could not be made makes it unknown, and only all of them passed make it healthy.
/// </summary>
internal sealed class NodeHealth(IChainRpcFactory rpcs, HealthQuery query)
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private readonly HealthVerdict _verdict = new();

    /// <summary>Makes all checks; waits up to 15 s for a new block where none is seen at once.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        var rpc = rpcs.Create(new Uri(query.Node.Url));
        var (first, problem) = await AskAsync(rpc.StatusAsync(cancellationToken)).ConfigureAwait(false);
        if (first is null)
        {
            Note(Health.Unknown, $"{query.Node.Node}: {problem}", HealthFindings.Silent);
            await ReferencesAsync("", cancellationToken).ConfigureAwait(false);
            return Report(null, null, null, null, null);
        }

        if (first.ChainId != query.ChainId)
        {
            Note(Health.Unhealthy, $"{query.Node.Url} is of chain '{first.ChainId}', not '{query.ChainId}'", HealthFindings.WrongChain);
            return Report(first.Height, null, null, null, null);
        }

        Judge(!first.CatchingUp, "it says that it has caught up", "it is catching up", HealthFindings.CatchingUp);
        var references = await ReferencesAsync(first.NodeId, cancellationToken).ConfigureAwait(false);
        var status = await AdvanceAsync(rpc, first, cancellationToken).ConfigureAwait(false);
        var referenceHeight = references.Count == 0 ? (long?)null : references.Max(reference => reference.Status.Height);
        CheckAge(status);
        CheckHeight(status, referenceHeight);
        var peers = await PeersAsync(rpc, cancellationToken).ConfigureAwait(false);
        var (at, hash) = await CompareAsync(rpc, status, references, cancellationToken).ConfigureAwait(false);
        return Report(status.Height, referenceHeight, peers, at, hash);
    }

    private static async Task<(T? Value, string? Problem)> AskAsync<T>(Task<T> question)
        where T : class?
    {
        try
        {
            return (await question.ConfigureAwait(false), null);
        }
        catch (ChainRpcException e)
        {
            return (null, e.Message);
        }
    }

    private async Task<ChainStatus> AdvanceAsync(IChainRpc rpc, ChainStatus first, CancellationToken cancellationToken)
    {
        var look = query.MaxBlockAge < LongestLook ? query.MaxBlockAge : LongestLook;
        var until = DateTime.UtcNow + look;
        var last = first;
        while (last.Height <= first.Height && DateTime.UtcNow < until)
        {
            await Task.Delay(Between, cancellationToken).ConfigureAwait(false);
            var (next, problem) = await AskAsync(rpc.StatusAsync(cancellationToken)).ConfigureAwait(false);
            if (next is null)
            {
                Note(Health.Unknown, $"{query.Node.Node}: {problem}", HealthFindings.Silent);
                return last;
            }

            last = next;
        }

        Judge(
            last.Height > first.Height,
            $"its height advances ({first.Height} to {last.Height})",
            $"its height stays at {first.Height} for {look.TotalSeconds:0} s: halted, isolated or stale",
            HealthFindings.Standing);
        return last;
    }

    private async Task<List<(RpcEndpoint Endpoint, IChainRpc Rpc, ChainStatus Status)>> ReferencesAsync(string ownId, CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll(query.References.Select(async endpoint =>
        {
            var rpc = rpcs.Create(new Uri(endpoint.Url));
            var (status, problem) = await AskAsync(rpc.StatusAsync(cancellationToken)).ConfigureAwait(false);
            return (endpoint, rpc, status, problem);
        })).ConfigureAwait(false);
        var good = new List<(RpcEndpoint, IChainRpc, ChainStatus)>();
        foreach (var (endpoint, rpc, status, problem) in asked)
        {
            if (status is null)
            {
                _verdict.Remark($"reference {endpoint.Node}: {problem}");
            }
            else if (status.ChainId != query.ChainId)
            {
                _verdict.Remark($"reference {endpoint.Node} is of chain '{status.ChainId}' and does not count");
            }
            else if (status.NodeId == ownId)
            {
                _verdict.Remark($"reference {endpoint.Node} is the node itself and does not count");
            }
            else
            {
                good.Add((endpoint, rpc, status));
            }
        }

        if (good.Count == 0)
        {
            Note(Health.Unknown, "no independent reference answers", HealthFindings.NoReference);
        }
        else if (good.TrueForAll(one => DateTimeOffset.UtcNow - one.Item3.BlockTime > query.MaxBlockAge))
        {
            _verdict.Remark($"the newest block of every reference is older than {query.MaxBlockAge.TotalSeconds:0} s: the chain stands", HealthFindings.ChainStands);
        }

        return good;
    }

    private void CheckAge(ChainStatus status)
    {
        var age = DateTimeOffset.UtcNow - status.BlockTime;
        if (age < -query.MaxBlockAge)
        {
            Note(Health.Unknown, $"its latest block is {-age.TotalSeconds:0} s in the future: a clock is wrong");
            return;
        }

        Judge(
            age <= query.MaxBlockAge,
            $"its latest block is {Math.Max(0, age.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture)} s old",
            $"its latest block is {age.TotalSeconds:0} s old, allowed are {query.MaxBlockAge.TotalSeconds:0} s",
            HealthFindings.OldBlock);
    }

    private void CheckHeight(ChainStatus status, long? referenceHeight)
    {
        if (query.AtLeastHeight > 0)
        {
            Judge(
                status.Height >= query.AtLeastHeight, $"it is past height {query.AtLeastHeight}", $"it is at {status.Height}, below {query.AtLeastHeight}",
                HealthFindings.Behind);
        }

        if (referenceHeight is { } reference)
        {
            var lag = reference - status.Height;
            Judge(
                lag <= query.MaxLagBlocks, $"it is {Math.Max(0, lag)} blocks behind {reference}", $"it is {lag} blocks behind {reference}, allowed are {query.MaxLagBlocks}",
                HealthFindings.Behind);
        }
    }

    private async Task<int?> PeersAsync(IChainRpc rpc, CancellationToken cancellationToken)
    {
        try
        {
            var peers = await rpc.PeersAsync(cancellationToken).ConfigureAwait(false);
            Judge(peers > 0, $"it has {peers} peers", "it has no peers", HealthFindings.Alone);
            return peers;
        }
        catch (ChainRpcException e)
        {
            Note(Health.Unknown, $"peers: {e.Message}");
            return null;
        }
    }

    private async Task<(long? At, string? Hash)> CompareAsync(
        IChainRpc rpc, ChainStatus status, List<(RpcEndpoint Endpoint, IChainRpc Rpc, ChainStatus Status)> references, CancellationToken cancellationToken)
    {
        foreach (var reference in references.OrderByDescending(one => one.Status.Height))
        {
            // The same height on both sides, and never one that either of them may be a block short of.
            var at = Math.Min(status.Height, reference.Status.Height);
            var (own, ownProblem) = await AskAsync(rpc.HeaderAsync(at, cancellationToken)).ConfigureAwait(false);
            var (other, otherProblem) = await AskAsync(reference.Rpc.HeaderAsync(at, cancellationToken)).ConfigureAwait(false);
            if (own is null || other is null)
            {
                _verdict.Remark($"no app hash of height {at} to compare with {reference.Endpoint.Node}: {ownProblem ?? otherProblem ?? "that block is not kept"}");
                continue;
            }

            var same = own.AppHash == other.AppHash;
            Judge(
                same,
                $"its app hash at {at} is that of {reference.Endpoint.Node}",
                $"its app hash at {at} is {own.AppHash}, that of {reference.Endpoint.Node} is {other.AppHash}",
                HealthFindings.AppHashDiffers);
            return same ? (at, own.AppHash) : (null, null);
        }

        if (references.Count > 0)
        {
            Note(Health.Unknown, "its app hash could not be compared at one height");
        }

        return (null, null);
    }

    private void Judge(bool good, string whenGood, string whenBad, string finding) => _verdict.Judge(good, whenGood, whenBad, finding);

    private void Note(Health health, string reason, string? finding = null) => _verdict.Note(health, reason, finding);

    private HealthReport Report(long? height, long? reference, int? peers, long? at, string? hash) => _verdict.Report(height, reference, peers, at, hash);
}
