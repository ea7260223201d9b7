namespace VirtEngine.DR.Signing;

/// <summary>A yes, or what is missing for it.</summary>
/// <param name="Missing">What is missing, in words; empty is a yes.</param>
public sealed record Decision(IReadOnlyList<string> Missing)
{
    /// <summary>Yes.</summary>
    public static Decision Yes { get; } = new([]);

    /// <summary>Nothing is missing.</summary>
    public bool Allowed => Missing.Count == 0;

    /// <summary>No.</summary>
    public static Decision No(params IReadOnlyList<string> missing) => new(missing);

    /// <summary>Yes when nothing is in the list.</summary>
    public static Decision Of(IReadOnlyList<string> missing) => missing.Count == 0 ? Yes : new(missing);
}
