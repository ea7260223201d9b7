namespace VirtEngine.DR.Signing;

/// <summary>What raised an alarm.</summary>
public enum AlarmKind
{
    /// <summary>The node's own log: a vote with its own key that it did not cast.</summary>
    OwnLog,

    /// <summary>A block holds evidence of two votes with this key.</summary>
    Evidence,

    /// <summary>The chain shows signatures of this key, and nobody may hold it.</summary>
    NobodySigns,
}

/// <summary>One reason for an alarm.</summary>
/// <param name="Kind">What.</param>
/// <param name="Text">For people.</param>
/// <param name="Mark">The same mark is the same finding: once it was cleared, it raises no alarm again.</param>
public sealed record AlarmReason(AlarmKind Kind, string Text, string Mark);

/// <summary>An RPC that shows evidence against this key.</summary>
/// <param name="Source">Whose RPC: two of one source are one.</param>
/// <param name="Height">In which block.</param>
public sealed record EvidenceSight(string Source, long Height);

/// <summary>Everything that the watch of a signer saw.</summary>
public sealed record AlarmObservation
{
    /// <summary>Lines of the node's own log, since its last start, which say that its key voted elsewhere.</summary>
    public IReadOnlyList<string> OwnLog { get; init; } = [];

    /// <summary>Evidence against this key that RPCs show in blocks.</summary>
    public IReadOnlyList<EvidenceSight> Evidence { get; init; } = [];

    /// <summary>By this machine's record and the register nobody may hold the key, since a height; null where somebody may, or it is not known.</summary>
    public long? NobodySince { get; init; }

    /// <summary>What RPCs show of the key's signatures.</summary>
    public IReadOnlyList<RpcSight> Rpcs { get; init; } = [];

    /// <summary>The marks of what was cleared.</summary>
    public IReadOnlyCollection<string> Cleared { get; init; } = [];
}

/// <summary>What is to be done.</summary>
/// <param name="Stop">Stop the signer at once; empty: do not.</param>
/// <param name="Suspicions">One RPC's word, which stops nothing: tell people.</param>
public sealed record AlarmDecision(IReadOnlyList<AlarmReason> Stop, IReadOnlyList<AlarmReason> Suspicions);

/// <summary>
/// When a signer is stopped for good: two processes sign with one key. The node's own log is enough, because it verified the vote's signature itself; what
/// stands in blocks counts where two RPCs of different owners show it, so that one that lies can halt nobody.
/// </summary>
public static class AlarmRules
{
    /// <summary>The decision.</summary>
    public static AlarmDecision Decide(AlarmObservation seen)
    {
        var stop = new List<AlarmReason>();
        var suspicions = new List<AlarmReason>();
        stop.AddRange(seen.OwnLog.Distinct(StringComparer.Ordinal).Select(line => new AlarmReason(AlarmKind.OwnLog, $"its own log: {line}", "log:" + line)));
        foreach (var block in seen.Evidence.GroupBy(one => one.Height).OrderBy(block => block.Key))
        {
            var by = Sources(block.Select(one => one.Source));
            (by.Count >= GateRules.Sources ? stop : suspicions).Add(new AlarmReason(
                AlarmKind.Evidence, FormattableString.Invariant($"block {block.Key} holds evidence of two votes with this key, by {string.Join(", ", by)}"), FormattableString.Invariant($"evidence:{block.Key}")));
        }

        if (seen.NobodySince is { } since && seen.Rpcs.Where(rpc => rpc.LastSigned > since).ToList() is { Count: > 0 } signed)
        {
            var by = Sources(signed.Select(rpc => rpc.Source));
            (by.Count >= GateRules.Sources ? stop : suspicions).Add(new AlarmReason(
                AlarmKind.NobodySigns, FormattableString.Invariant($"the commit of height {signed.Max(rpc => rpc.LastSigned)} holds a signature of this key, by {string.Join(", ", by)}, and nobody may hold it since height {since}"), FormattableString.Invariant($"nobody:{since}")));
        }

        return new([.. stop.Where(one => !seen.Cleared.Contains(one.Mark))], [.. suspicions.Where(one => !seen.Cleared.Contains(one.Mark))]);
    }

    /// <summary>Whether an alarm may be cleared.</summary>
    /// <param name="alarm">The present one.</param>
    /// <param name="approvedBy">Who says so.</param>
    /// <param name="reason">What was found out.</param>
    public static Decision MayClear(AlarmRecord? alarm, IReadOnlyList<string> approvedBy, string reason)
    {
        var missing = new List<string>();
        if (alarm is null)
        {
            missing.Add("there is no alarm to clear");
        }

        if (approvedBy.Select(by => by.Trim()).Where(by => by.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Count() < 2)
        {
            missing.Add("two different people must clear an alarm: --approved-by NAME twice");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            missing.Add("say what was found out: --reason TEXT (where did the other votes come from, and how was that ended?)");
        }

        return Decision.Of(missing);
    }

    private static List<string> Sources(IEnumerable<string> sources) => [.. sources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
