using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>What an entry of a power budget says.</summary>
public enum BudgetKind
{
    /// <summary>A run may take the validator's power away.</summary>
    Reserve,

    /// <summary>The run of a reservation ended: it takes nothing away any more. The reservation lapses when its validator is seen signing above a height.</summary>
    End,

    /// <summary>People released a reservation, whatever its validator does.</summary>
    Release,

    /// <summary>Speaks for all slots below: what is still reserved there. It is about no validator, and reserves nothing.</summary>
    Checkpoint,
}

/// <summary>What a slot of a chain's power budget says of a validator (the slot's holder).</summary>
public sealed record BudgetEntry
{
    /// <summary>What.</summary>
    public required BudgetKind Kind { get; init; }

    /// <summary>The validator's node, for people.</summary>
    public string? Node { get; init; }

    /// <summary>In an end or a release: the reservation's slot; 0 in a reservation.</summary>
    public long Of { get; init; }

    /// <summary>In an end or a release: the reservation's ask id; empty where the slot is lost and nobody knows it.</summary>
    public string OfAsk { get; init; } = "";

    /// <summary>In an end: a signature above this height shows that the validator signs after the run's last act.</summary>
    public long Height { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>In a checkpoint: every reservation below it that is not over. Null in all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Reservation>? Standing { get; init; }
}
