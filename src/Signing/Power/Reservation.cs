namespace VirtEngine.DR.Signing;

/// <summary>A reservation of a chain's power budget as the register shows it.</summary>
/// <param name="Slot">Its slot; 0 where it is only asked for.</param>
/// <param name="Address">The validator.</param>
/// <param name="AskId">Its ask; empty where the slot is lost and nobody knows it.</param>
/// <param name="AskedBy">The run, as WORKFLOW/RUN, or a person.</param>
/// <param name="Node">The validator's node, for people.</param>
/// <param name="Counts">A majority holds it; otherwise it may yet come to that, and is taken for one.</param>
/// <param name="EndedAbove">It lapses when the validator is seen signing above this height; null while its run may act.</param>
/// <param name="Released">People released it.</param>
public sealed record Reservation(long Slot, string Address, string AskId, string AskedBy, string? Node, bool Counts, long? EndedAbove, bool Released)
{
    /// <summary>It is this ask's.</summary>
    public bool Is(PowerAsk ask) => AskId == ask.AskId && Address == ask.Address;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"slot {Slot}: {Node ?? "validator"} ({Address}), held by {(AskedBy.Length == 0 ? "somebody (the slot is lost)" : AskedBy)}{(Counts ? "" : ", may yet count")}{(Released ? ", released" : EndedAbove is { } above ? $", its run ended: it lapses when a signature above height {above} is seen" : "")}");
}
