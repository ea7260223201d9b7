using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>
/// The decision table of RB-DR-004. Its order is the table: what forbids an act comes before what asks for one, and the chain comes before the node,
/// for a node that is made like others which are wrong is not mended.
/// </summary>
public static class VerdictTable
{
    /// <summary>Heights that a run rolls back at most; what is further back is restored, which is faster and proven.</summary>
    public const int MostRollbacks = 5;

    private static readonly string[] RollbackThenRestore = [Contracts.Nodes.Recoveries.Rollback, Contracts.Nodes.Recoveries.Restore];
    private static readonly string[] ConfigurationOnly = [Contracts.Nodes.Recoveries.Configuration];
    private static readonly string[] RollbackOnly = [Contracts.Nodes.Recoveries.Rollback];
    private static readonly string[] RestoreOnly = [Contracts.Nodes.Recoveries.Restore];

    /// <summary>Decides.</summary>
    public static Verdict Decide(CorruptionEvidence seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return Forbidden(seen) ?? (seen.Kind == CorruptionKinds.Config ? Configuration(seen) : null) ?? (seen.Coordinated ? Together(seen) : null) ?? Split(seen) ?? OfTheNode(seen);
    }

    private static Verdict? Forbidden(CorruptionEvidence seen) =>
        Saying(seen, Symptoms.ConflictingVote) is { } two
            ? new(CorruptionClass.TwoSigners, two, "two processes sign for one key: stop both and run RB-DR-005; nothing here starts or mends it")
        : Saying(seen, Symptoms.UpgradeNeeded) is { } upgrade
            ? new(CorruptionClass.UpgradeHalt, upgrade, "a planned upgrade halts every node: install the new binary and start it; its data is whole")
        : Saying(seen, Symptoms.NoSpace) is { } full
            ? new(CorruptionClass.NoSpace, full, "its disk is full: free space or enlarge it; what looks torn may be half written for want of space")
        : null;

    /// <summary>A difference alone is no damage: people see every file before it is replaced, and may have changed it on purpose.</summary>
    private static Verdict Configuration(CorruptionEvidence seen) => seen.Configuration switch
    {
        null => new(CorruptionClass.Configuration, "the run was started for its configuration, which is compared with the newest backup's once the node is stopped", "every file that differs is shown before it is replaced")
        {
            Recoveries = ConfigurationOnly,
        },
        { Differences.Count: 0 } same => new(CorruptionClass.None, "its configuration is the backup's" + Refused(same), "nothing is there to replace: RB-DR-001 cures a node that fails otherwise"),
        var found => new(CorruptionClass.Configuration, string.Join("; ", found.Differences.Select(one => $"{one.Path} {(one.Missing ? "is missing" : one.Damage ?? "differs, perhaps on purpose")}")) + Refused(found), "these files are replaced by the backup's; the former ones are kept, and keys and signing state stay")
        {
            Recoveries = ConfigurationOnly,
        },
    };

    private static string Refused(ConfigurationComparison found) => found.Refusals.Count == 0 ? "" : "; " + string.Join("; ", found.Refusals);

    /// <summary>A single node is never mended against a chain that is itself in doubt.</summary>
    private static Verdict? Split(CorruptionEvidence seen) => seen.Chain.Splits() is { Count: > 0 } splits
        ? new(CorruptionClass.ChainWide, $"the other nodes contradict each other at height {string.Join(", ", splits)}, and no majority says the same", "nobody here can say which of them is right: compare them with nodes of others, then recover together")
        : null;

    /// <summary>A chain that stands while this node is as the others are: nothing on this node mends that.</summary>
    private static Verdict? Stands(CorruptionEvidence seen) => seen.Chain.Advances(seen.MaxBlockAge) == false
        ? new(CorruptionClass.ChainWide, Text($"every other node's newest block is too old: the chain stands at height {seen.Chain.Tip}; of this node: {seen.State.Text}"), "most validators are other people's: they need a plan that says which height is good and what each does, and our validators' steps wait for theirs")
        {
            GoodHeight = seen.State.LastGood,
        }
        : null;

    /// <summary>
    /// By the plan for all: the state goes back, the blocks stay and are executed again by another binary. Never --hard: dropped on enough of the
    /// power, a committed block would get a rival at the same height, and whoever kept it is on another chain.
    /// </summary>
    private static Verdict Together(CorruptionEvidence seen)
    {
        var evidence = Text($"the chain stands at height {seen.Chain.Tip}; of this node: {seen.State.Text}");
        if (seen.Chain.Advances(seen.MaxBlockAge) is not false and var goesOn)
        {
            return goesOn is null
                ? new(CorruptionClass.Unknown, "no node that this run does not recover answers", "whether the chain stands, and which state is right, is known from nobody: name RPCs of others in the estate")
                : new(CorruptionClass.None, Text($"the chain goes on: a block of height {seen.Chain.Tip} is young"), "a plan for the whole chain is for one that stands: start the run again without it");
        }

        if (Torn(seen) is null && seen.State.Height is { } at && at >= seen.NamedHeight && at - seen.NamedHeight <= (seen.BlockAhead ? 0 : 1))
        {
            return new(CorruptionClass.ChainWide, evidence, at == seen.NamedHeight ? Text($"its state stands at height {at} already: it only needs the plan's version, and the others") : Text($"its state goes back by one, its last block stays and is executed again by the plan's version"))
            {
                Recoveries = RollbackOnly,
                RollbackTo = seen.NamedHeight,
                GoodHeight = seen.NamedHeight,
            };
        }

        // It ended before the others did: every block of the chain is still before it, or right behind it.
        if (Torn(seen) is null && seen.State is { Verdict: Agreement.Agrees, Height: { } behind } && behind < seen.NamedHeight)
        {
            return new(CorruptionClass.ChainWide, evidence, Text($"its state stands at height {behind}, below {seen.NamedHeight}: nothing is undone, it only needs the plan's version, and the others"))
            {
                Recoveries = RollbackOnly,
                RollbackTo = behind,
                NothingUndone = true,
                GoodHeight = behind,
            };
        }

        return new(CorruptionClass.ChainWide, Torn(seen) is { } torn ? $"{evidence}; {torn}" : evidence, Text($"its state is not one height above {seen.NamedHeight}: a backup at or below that height is restored, and the blocks are executed again by the plan's version"))
        {
            Recoveries = RestoreOnly,
            GoodHeight = seen.NamedHeight,
        };
    }

    private static Verdict OfTheNode(CorruptionEvidence seen)
    {
        var good = Lower(seen.State.LastGood, seen.NamedHeight);
        if (seen.Version is { Length: > 0 } version && seen.Chain.Version is { } theirs && version != theirs && seen.State.Verdict is Agreement.StateDiffers or Agreement.BlocksDiffer)
        {
            return new(CorruptionClass.WrongBinary, $"it runs version {version}, the others {theirs}; {seen.State.Text}", "the same binary comes to the same wrong state again: install the others' version, then start this run again") { GoodHeight = good };
        }

        if (Torn(seen) is { } torn)
        {
            return new(CorruptionClass.TornStores, torn, "all its databases are replaced by those of one instant: one of them beside newer ones would be another corruption") { Recoveries = RestoreOnly, GoodHeight = good };
        }

        return seen.State.Verdict switch
        {
            Agreement.BlocksDiffer => Back(CorruptionClass.StateDiverged, seen, good, hard: true),
            Agreement.StateDiffers when good == seen.State.Height - 1 => Back(CorruptionClass.StateOffByOne, seen, good, hard: seen.BlockAhead),
            Agreement.StateDiffers => Back(CorruptionClass.StateDiverged, seen, good, hard: true),
            Agreement.Agrees when good < seen.State.Height => Back(CorruptionClass.StateDiverged, seen, good, hard: true),
            _ when Saying(seen, Symptoms.AppHash) is { } line => new(CorruptionClass.StateDiverged, $"{line}; {seen.State.Text}", "its log says that its state is not the chain's, and how far back is not known") { Recoveries = RestoreOnly, GoodHeight = good },
            Agreement.Agrees when Stands(seen) is { } halt => halt,
            Agreement.Agrees => new(CorruptionClass.None, seen.State.Text, "nothing that was looked at is corrupt: RB-DR-001 cures a node that fails otherwise; name a recovery with --recovery if you know better") { GoodHeight = good },
            _ => new(CorruptionClass.Unknown, seen.State.Text, "what was seen does not say what is corrupt; look at it, or name a recovery with --recovery") { GoodHeight = good },
        };
    }

    private static Verdict Back(CorruptionClass found, CorruptionEvidence seen, long? good, bool hard)
    {
        var heights = seen.State.Height - good;
        return heights is >= 1 and <= MostRollbacks && good > 0
            ? new(found, seen.State.Text, Text($"{heights} of its heights {(heights == 1 ? "is" : "are")} undone, and executed again with the others' blocks; where that does not help, its databases are replaced"))
            {
                Recoveries = RollbackThenRestore,
                RollbackTo = good,
                Hard = hard,
                GoodHeight = good,
            }
            : new(found, seen.State.Text, Text($"{(heights is null ? "how far back is not known" : $"{heights} heights are more than {MostRollbacks}")}: its databases are replaced"))
            {
                Recoveries = RestoreOnly,
                GoodHeight = good,
            };
    }

    private static string? Torn(CorruptionEvidence seen) =>
        seen.Torn is { Count: > 0 } torn ? string.Join("; ", torn) : seen.Torn is null ? Saying(seen, Symptoms.CorruptStore) ?? Saying(seen, Symptoms.CorruptWal) : Saying(seen, Symptoms.CorruptStore);

    private static string? Saying(CorruptionEvidence seen, string kind) => (seen.Symptoms.FirstOrDefault(symptom => symptom.Kind == kind) ?? seen.Host.Symptoms.FirstOrDefault(symptom => symptom.Kind == kind))?.Line;

    private static long? Lower(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
