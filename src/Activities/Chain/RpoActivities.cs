using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>Measures which blocks the full nodes of the regions hold, and how old the backups are.</summary>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="repositories">Finds backups.</param>
public sealed class RpoActivities(IChainRpcFactory rpcs, IRepositoryActivities repositories) : IRpoActivities
{
    /// <summary>Longer than this a run does not wait for the measurement.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    [Activity("rpo.measure")]
    public Task<Holdings> MeasureAsync(RpoQuery query)
    {
        ChainActivities.Check(query.ChainId, query.FullNodes.Select(node => new RpcEndpoint(node.Node, node.Url)));
        return ActivityScope.HeartbeatingAsync(token => HoldingsAsync(query, token));
    }

    /// <inheritdoc/>
    [Activity("rpo.backups")]
    public Task<IReadOnlyList<BackupAge>> BackupsAsync(BackupAgeQuery query) => ActivityScope.HeartbeatingAsync<IReadOnlyList<BackupAge>>(async _ =>
    {
        var ages = new List<BackupAge>();
        foreach (var node in query.Nodes)
        {
            ages.Add(await BackupAsync(query.Slice, node).ConfigureAwait(false));
        }

        return ages;
    });

    /// <summary>The tip is seen first; then every region has the time of two blocks to show that it has it: a look must not find blocks that are just on their way lost.</summary>
    private async Task<Holdings> HoldingsAsync(RpoQuery query, CancellationToken token)
    {
        var seen = await StatusesAsync(query, token).ConfigureAwait(false);
        var at = DateTimeOffset.UtcNow;
        var tip = seen.Select(one => one.Status).OfType<ChainStatus>().MaxBy(status => status.Height);
        var grace = query.BlockTime * 2 < LongestGrace ? query.BlockTime * 2 : LongestGrace;

        // Where one region alone answers there is nothing to wait for.
        while (tip is not null && DateTimeOffset.UtcNow - at < grace && Heads(seen).Count() > 1 && !ReachedBySecond(seen, tip.Height))
        {
            await Task.Delay(Between, token).ConfigureAwait(false);
            seen = await StatusesAsync(query, token).ConfigureAwait(false);
        }

        // Where the regions' heads are, and no higher than the tip: there the highest common block is.
        var heights = Heads(seen).Select(head => Math.Min(head, tip?.Height ?? 0)).Where(height => height > 0).Distinct().Order().ToArray();
        var nodes = await Task.WhenAll(seen.Select(async one => new Holding(
            one.Node.Node, one.Node.Region, one.Status?.Height, one.Status is { CatchingUp: false },
            one.Status is { } status ? await BlocksAsync(one.Node, heights.Where(height => height <= status.Height), token).ConfigureAwait(false) : [],
            one.Problem))).ConfigureAwait(false);
        return new(at, tip?.Height, tip?.BlockTime, nodes);
    }

    private static bool ReachedBySecond(IEnumerable<(FullNodeRpc Node, ChainStatus? Status, string? Problem)> seen, long tip) => Heads(seen).Count(head => head >= tip) >= 2;

    private static IEnumerable<long> Heads(IEnumerable<(FullNodeRpc Node, ChainStatus? Status, string? Problem)> seen) =>
        seen.Where(one => one.Status is { CatchingUp: false }).GroupBy(one => one.Node.Region).Select(region => region.Max(one => one.Status!.Height));

    private async Task<(FullNodeRpc Node, ChainStatus? Status, string? Problem)[]> StatusesAsync(RpoQuery query, CancellationToken token) =>
        await Task.WhenAll(query.FullNodes.Select(async node =>
        {
            try
            {
                var status = await rpcs.Create(new Uri(node.Url)).StatusAsync(token).ConfigureAwait(false);
                return status.ChainId == query.ChainId
                    ? (node, status, (string?)null)
                    : (node, (ChainStatus?)null, $"is of chain '{status.ChainId}', not '{query.ChainId}'");
            }
            catch (ChainRpcException e)
            {
                return (node, null, e.Message);
            }
        })).ConfigureAwait(false);

    private async Task<IReadOnlyList<HeldBlock>> BlocksAsync(FullNodeRpc node, IEnumerable<long> heights, CancellationToken token)
    {
        var blocks = new List<HeldBlock>();
        foreach (var height in heights)
        {
            try
            {
                if (await rpcs.Create(new Uri(node.Url)).HeaderAsync(height, token).ConfigureAwait(false) is { BlockHash.Length: > 0 } header)
                {
                    blocks.Add(new(height, header.BlockHash, header.Time));
                }
            }
            catch (ChainRpcException)
            {
                // What it does not show it does not hold.
            }
        }

        return blocks;
    }

    private async Task<BackupAge> BackupAsync(NodeSlice slice, string node)
    {
        try
        {
            var target = slice.Target with { Node = slice.Target.Node with { Name = node } };
            var choice = await repositories.ChooseAsync(new(slice with { Target = target }, BackupKinds.ChainState, "newest-proven", null)).ConfigureAwait(false);
            return new(node, choice.Backup.Id, choice.Backup.Height, choice.Backup.TakenAt, choice.ProvenRung, null);
        }
        catch (ApplicationFailureException e)
        {
            return new(node, null, null, null, 0, e.Message);
        }
    }
}
