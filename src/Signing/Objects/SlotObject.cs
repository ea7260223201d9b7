using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>The object of one epoch's slot. Its canonical bytes (<see cref="SlotBytes"/>) are what buckets hold and what is compared.</summary>
public sealed record SlotObject
{
    /// <summary>What it is.</summary>
    public required SlotKind Kind { get; init; }

    /// <summary>The key that it is about.</summary>
    public required SignerName Signer { get; init; }

    /// <summary>The register's id: an object of another register is never taken for one of this.</summary>
    public required string Register { get; init; }

    /// <summary>The epoch, from 1.</summary>
    public required long Epoch { get; init; }

    /// <summary>The members' generation that the asker read: a grant of a former generation is not recorded any more. 0 in voids.</summary>
    public int Generation { get; init; }

    /// <summary>The machine that may sign.</summary>
    public string? Holder { get; init; }

    /// <summary>It signs nothing at or below this.</summary>
    public Hrs Floor { get; init; }

    /// <summary>Machines that may start without the register (break glass).</summary>
    public IReadOnlyList<string> OfflineAllowed { get; init; } = [];

    /// <summary>The ends of every possible former holder.</summary>
    public IReadOnlyList<EndEvidence> Evidence { get; init; } = [];

    /// <summary>Who approved it.</summary>
    public IReadOnlyList<SlotApproval> Approvals { get; init; } = [];

    /// <summary>The asker: a workflow's id and run, or a person at a machine.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Random: two asks never have the same bytes.</summary>
    public string? AskId { get; init; }

    /// <summary>In the sequence of a chain's power budget: what the entry says; <see cref="Holder"/> is the validator then. Null in a signer's slots.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BudgetEntry? Budget { get; init; }

    /// <summary>In a <see cref="SlotKind.Lost"/> slot: the holders that the survivors named there, who may have been granted.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>The void of an epoch. The same for every asker, so that voids agree.</summary>
    public static SlotObject VoidOf(SignerName signer, string register, long epoch) =>
        new() { Kind = SlotKind.Void, Signer = signer, Register = register, Epoch = epoch };

    /// <summary>A lost slot.</summary>
    public static SlotObject LostOf(SignerName signer, string register, long epoch, IEnumerable<string> candidates) =>
        new() { Kind = SlotKind.Lost, Signer = signer, Register = register, Epoch = epoch, Candidates = [.. candidates.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
}
