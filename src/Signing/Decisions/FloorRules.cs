using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>A known height/round/step, with where it is from.</summary>
/// <param name="Source">Such as <c>register epoch 3</c>, <c>machine i-1/vol-2</c>, <c>rpc a</c>, <c>tmkms</c>.</param>
/// <param name="Value">The value.</param>
public sealed record KnownHrs(string Source, Hrs Value);

/// <summary>What is known for a floor.</summary>
public sealed record FloorObservation
{
    /// <summary>Every known one: the register's floors, machines, remote signers, the chain's last signatures.</summary>
    public required IReadOnlyList<KnownHrs> Known { get; init; }

    /// <summary>The last holder's file, read after its end; null when it could not be.</summary>
    public Hrs? LastHolderFile { get; init; }

    /// <summary>What independent RPCs show above that file. A signature there says that the file is older than its machine's last vote: a disk that was rolled back.</summary>
    public IReadOnlyList<RpcSight> AboveFile { get; init; } = [];

    /// <summary>The height at which the silence closed; null when there was none.</summary>
    public long? SilenceClosedAt { get; init; }

    /// <summary>What independent RPCs show.</summary>
    public required IReadOnlyList<RpcSight> Rpcs { get; init; }

    /// <summary>For a halted chain without the last holder's file.</summary>
    public IReadOnlyList<SlotApproval> Approvals { get; init; } = [];
}

/// <summary>The floor, or why there is none.</summary>
/// <param name="Floor">The floor.</param>
/// <param name="Missing">What is missing.</param>
public sealed record FloorDecision(Hrs? Floor, IReadOnlyList<string> Missing);

/// <summary>The HRS floor of a grant.</summary>
public static class FloorRules
{
    /// <summary>How far above the second-highest independent height a floor may lie: one lying RPC must not lock a validator out.</summary>
    public const long Margin = 100;

    /// <summary>The approval that stands for a person who saw all rounds' vote sets of a halted chain.</summary>
    public const string AllVoteSets = "all-vote-sets";

    /// <summary>At or above everything known; never lowered by an older file.</summary>
    public static FloorDecision Decide(FloorObservation seen)
    {
        var missing = new List<string>();
        var floor = seen.Known.Select(known => known.Value).Concat(seen.Rpcs.Where(rpc => rpc.LastSigned is not null).Select(rpc => Hrs.AfterHeight(rpc.LastSigned!.Value)))
            .Aggregate(Hrs.Zero, Hrs.Max);
        var old = seen.LastHolderFile is { } read ? seen.AboveFile.FirstOrDefault(rpc => rpc.LastSigned > read.Height) : null;
        if (seen.LastHolderFile is { } file && old is null)
        {
            floor = Hrs.Max(floor, file);
        }
        else if (seen.SilenceClosedAt is { } closed)
        {
            floor = Hrs.Max(floor, Hrs.AfterHeight(closed));
        }
        else if (seen.Approvals.Any(approval => approval.What == AllVoteSets))
        {
            floor = Hrs.Max(floor, Hrs.AfterHeight(seen.Rpcs.Select(rpc => rpc.Height).DefaultIfEmpty(0).Max()));
        }
        else
        {
            missing.Add($"the last holder's HRS file {(old is null ? "was not read after its end" : $"says {seen.LastHolderFile} and {old.Source} shows a signature at height {old.LastSigned}: it is old")}, and no silence closed: wait for the silence, or (halted chain) an approval '{AllVoteSets}' by somebody who saw every round's votes");
        }

        var heights = SilenceRules.Independent(seen.Rpcs).Select(rpc => rpc.Height).OrderDescending().ToList();
        if (heights.Count < 2)
        {
            missing.Add($"{heights.Count} of 2 independent RPCs answer: a floor is held against the second-highest height");
        }
        else if (floor.Height > heights[1] + Margin)
        {
            missing.Add(string.Create(CultureInfo.InvariantCulture,
                $"the floor {floor} is more than {Margin} above the second-highest independent height {heights[1]}: one of {string.Join(", ", seen.Known.Where(known => known.Value.Height > heights[1] + Margin).Select(known => known.Source).DefaultIfEmpty("the RPCs"))} is wrong"));
        }

        return new FloorDecision(missing.Count == 0 ? floor : null, missing);
    }
}
