namespace VirtEngine.DR.Signing;

/// <summary>What break glass sees: a start without the register.</summary>
public sealed record OfflineObservation
{
    /// <summary>As for an ordinary start; the view is what the buckets answer now.</summary>
    public required GateObservation Gate { get; init; }

    /// <summary>Distinct people whose offline keys signed this start.</summary>
    public required IReadOnlyList<string> OfflineKeys { get; init; }

    /// <summary>Typed: this disk was not rolled back, restored or cloned since its last signature.</summary>
    public required bool ConfirmedOwnDisk { get; init; }

    /// <summary>Typed: nobody was granted this key since.</summary>
    public required bool ConfirmedNobodyElse { get; init; }

    /// <summary>The ends of the others that the epoch allows to sign.</summary>
    public IReadOnlyList<EndEvidence> Ends { get; init; } = [];
}

/// <summary>Break glass: a start without the register.</summary>
public static class OfflineRules
{
    /// <summary>Whether this machine may start without the register.</summary>
    public static Decision Decide(OfflineObservation seen)
    {
        var missing = new List<string>();
        var record = seen.Gate.Record;
        if (seen.Gate.View is { Answers: true })
        {
            missing.Add("a majority of the buckets answers: ask them (an ordinary start does)");
        }

        if (seen.Gate.View is { } view && record is not null && GrantRules.Above(view, record.OfflineEpoch) is { Allowed: false } above
            && view.Buckets.Any(bucket => bucket.Slots?.Keys.Any(epoch => epoch > record.OfflineEpoch) == true))
        {
            missing.AddRange(above.Missing);
        }

        if (record is null || !record.OfflineAllowed.Contains(seen.Gate.Machine) || record.OfflineEpoch < record.Fence || record.OfflineEpoch == 0)
        {
            missing.Add("the present epoch does not name this machine in offlineAllowed, by what is recorded here");
        }
        else
        {
            missing.AddRange(Others(seen, record));
        }

        // The record of a machine that is only allowed offline has no grant; all else that its own disk says counts.
        missing.AddRange(GateRules.Local(seen.Gate with { Record = record is null ? null : record with { Grant = Math.Max(record.Grant, record.OfflineEpoch) } }));
        if (!seen.ConfirmedOwnDisk)
        {
            missing.Add("not confirmed: that this disk was not rolled back, restored or cloned since its last signature");
        }

        if (!seen.ConfirmedNobodyElse)
        {
            missing.Add("not confirmed: that nobody was granted this key since");
        }

        if (seen.OfflineKeys.Distinct(StringComparer.Ordinal).Count() < 2)
        {
            missing.Add("two people's offline keys must sign this start");
        }

        if (seen.Gate.LastSigned is { } hrs && GateRules.Chain(seen.Gate.Rpcs, hrs) is { Starts: false } chain)
        {
            missing.AddRange(chain.Reasons);
        }

        return Decision.Of(missing);
    }

    /// <summary>Everybody else whom the epoch allows must be ended: without the register nobody can fence them.</summary>
    private static IEnumerable<string> Others(OfflineObservation seen, MachineRecord record)
    {
        foreach (var other in record.OfflineAllowed.Append(record.OfflineHolder ?? "").Where(name => name.Length > 0 && name != seen.Gate.Machine).Distinct(StringComparer.Ordinal))
        {
            var holder = new PossibleHolder(other, record.OfflineEpoch, "it is allowed by the same epoch");
            var ends = seen.Ends.Where(end => end.Machine == other && end.Kind != EndKind.FenceAdopted);
            if (!ends.Any(end => Ends.Judge(holder, record.OfflineEpoch + 1, end, nonce: null).Allowed))
            {
                yield return $"{other} is allowed by epoch {record.OfflineEpoch} too and is not ended";
            }
        }
    }
}
