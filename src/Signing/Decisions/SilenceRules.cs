using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>What is known of a silence.</summary>
public sealed record SilenceObservation
{
    /// <summary>The chain's height when the last end was proven; the silence begins there.</summary>
    public required long Begin { get; init; }

    /// <summary>What independent RPCs show.</summary>
    public required IReadOnlyList<RpcSight> Rpcs { get; init; }

    /// <summary>How many blocks; 10 by default.</summary>
    public int Blocks { get; init; } = SilenceRules.DefaultBlocks;

    /// <summary>The chain is halted, by two RPCs without a fresh block: no silence can be waited for.</summary>
    public bool Halted { get; init; }

    /// <summary>People who approve a grant on a halted chain.</summary>
    public IReadOnlyList<SlotApproval> Approvals { get; init; } = [];
}

/// <summary>The silence of K blocks after the last end.</summary>
public static class SilenceRules
{
    /// <summary>K.</summary>
    public const int DefaultBlocks = 10;

    /// <summary>The approval that a halted chain needs twice.</summary>
    public const string HaltedApproval = "halted-chain";

    /// <summary>The height at which the silence closed, by the second-highest independent height; null while it lasts.</summary>
    public static long? ClosedAt(SilenceObservation seen)
    {
        var close = seen.Begin + seen.Blocks;
        var fresh = Independent(seen.Rpcs.Where(rpc => rpc.Fresh && rpc.LookedFrom <= seen.Begin + 1)).ToList();
        return fresh.Count(rpc => rpc.Height >= close) >= 2 && !seen.Rpcs.Any(rpc => rpc.LastSigned > seen.Begin) ? close : null;
    }

    /// <summary>Whether enough silence was seen, or the chain is halted and two people approve.</summary>
    public static Decision Decide(SilenceObservation seen)
    {
        if (seen.Rpcs.FirstOrDefault(rpc => rpc.LastSigned > seen.Begin) is { } signed)
        {
            return Decision.No(string.Create(CultureInfo.InvariantCulture,
                $"{signed.Source} shows a signature at height {signed.LastSigned}, after the last end was proven (height {seen.Begin}): somebody still signs"));
        }

        if (ClosedAt(seen) is not null)
        {
            return Decision.Yes;
        }

        if (seen.Halted)
        {
            var people = seen.Approvals.Where(approval => approval.What == HaltedApproval).Select(approval => approval.By).Distinct(StringComparer.Ordinal).Count();
            return people >= 2 ? Decision.Yes : Decision.No($"the chain is halted: a grant needs two people's '{HaltedApproval}' approval and has {people}");
        }

        return Decision.No(string.Create(CultureInfo.InvariantCulture,
            $"no signature from height {seen.Begin + 1} to {seen.Begin + seen.Blocks} is to be seen through two independent RPCs with fresh blocks; the heights are {string.Join(", ", seen.Rpcs.Select(rpc => $"{rpc.Source} {rpc.Height}"))}"));
    }

    internal static IEnumerable<RpcSight> Independent(IEnumerable<RpcSight> rpcs) =>
        rpcs.GroupBy(rpc => rpc.Source, StringComparer.Ordinal).Select(group => group.MinBy(rpc => rpc.Height)!);
}
