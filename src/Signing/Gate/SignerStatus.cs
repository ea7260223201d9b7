namespace VirtEngine.DR.Signing;

/// <summary>Who may sign, by which evidence, and what is missing for a grant.</summary>
public sealed record SignerStatus
{
    /// <summary>The key.</summary>
    public required SignerName Signer { get; init; }

    /// <summary>Unknown, Active or Moving: nobody enrolled, one possible holder, or several.</summary>
    public required string State { get; init; }

    /// <summary>Each bucket with the highest epoch that it holds, or why it is unreachable.</summary>
    public required IReadOnlyList<string> Buckets { get; init; }

    /// <summary>The epoch that counts; 0 when none is seen to.</summary>
    public required long Epoch { get; init; }

    /// <summary>The address was enrolled, whether or not an epoch is seen to count: after a repair that may be unknown.</summary>
    public bool Known { get; init; }

    /// <summary>Its holder.</summary>
    public string? Holder { get; init; }

    /// <summary>Its floor.</summary>
    public Hrs? Floor { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? AskedBy { get; init; }

    /// <summary>By which evidence it was granted: how each former holder was ended.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>Every machine that may sign now, with why.</summary>
    public required IReadOnlyList<string> MaySign { get; init; }

    /// <summary>The epoch that a grant would have.</summary>
    public required long NextEpoch { get; init; }

    /// <summary>What is missing for it, from nothing on.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The status by a view; nobody is asked for anything.</summary>
    public static SignerStatus Of(RegisterView view, ISignerRules rules)
    {
        var next = rules.NextEpoch(view);
        var current = Counting.Current(view)?.Object;
        var holders = rules.PossibleHolders(view, next);
        var missing = rules.Ask(new AskObservation
        {
            Sealed = view,
            Generation = view.Members?.Generation,
            Epoch = next,
            Holder = "",
            Ends = [],
            Floor = FloorRules.Decide(new FloorObservation { Known = [], Rpcs = [] }),
            Silence = Decision.No($"a silence of {SilenceRules.DefaultBlocks} blocks after the last end, through two independent RPCs (or a halted chain and two approvals)"),
        });
        return new SignerStatus
        {
            Signer = view.Signer,
            State = !view.Answers ? "Unreachable" : current is null && holders.Count == 0 ? "Unknown" : holders.Select(holder => holder.Machine).Distinct().Count() > 1 ? "Moving" : "Active",
            Buckets = [.. view.Buckets.Select(bucket => bucket.Slots is null ? $"{bucket.Bucket}: unreachable, {bucket.Why}"
                : $"{bucket.Bucket}: {(bucket.Slots.Count == 0 ? "no epoch" : $"up to epoch {bucket.Slots.Keys.Max()}")}")],
            Epoch = current?.Epoch ?? 0,
            Known = Counting.Known(view),
            Holder = current?.Holder,
            Floor = current?.Floor,
            AskedBy = current?.AskedBy,
            Evidence = [.. (current?.Evidence ?? []).Select(end => $"{end.Machine} ended below epoch {end.Below} by {end.Kind}")],
            MaySign = [.. holders.Select(holder => $"{holder.Machine} (epoch {holder.Epoch}): {holder.Why}")],
            NextEpoch = next,
            Missing = missing.Missing,
        };
    }
}
