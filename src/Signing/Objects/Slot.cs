namespace VirtEngine.DR.Signing;

/// <summary>A slot's object as it was read.</summary>
/// <param name="Object">The object.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex: same digest, same bytes.</param>
public sealed record Slot(SlotObject Object, string Digest)
{
    /// <summary>The slot that holds this object.</summary>
    public static Slot Of(SlotObject value) => new(value, SlotBytes.Digest(SlotBytes.Write(value)));

    /// <summary>Names a holder.</summary>
    public bool IsHolder => Object.Kind == SlotKind.Holder;
}
