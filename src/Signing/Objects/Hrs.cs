using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>Height, round and step of the last vote or proposal that a key signed. Ordered as the node orders them.</summary>
/// <param name="Height">Block height.</param>
/// <param name="Round">Round within the height.</param>
/// <param name="Step">1 proposal, 2 prevote, 3 precommit; 0 is nothing yet.</param>
public readonly record struct Hrs(long Height, int Round, int Step) : IComparable<Hrs>
{
    /// <summary>Nothing was signed.</summary>
    public static Hrs Zero => default;

    /// <summary>Everything of a height is behind: only the next height may be signed.</summary>
    public static Hrs AfterHeight(long height) => new(height, int.MaxValue, 3);

    /// <inheritdoc/>
    public int CompareTo(Hrs other) =>
        Height != other.Height ? Height.CompareTo(other.Height) : Round != other.Round ? Round.CompareTo(other.Round) : Step.CompareTo(other.Step);

    /// <summary>The higher of two.</summary>
    public static Hrs Max(Hrs left, Hrs right) => left >= right ? left : right;

    /// <summary>Lower.</summary>
    public static bool operator <(Hrs left, Hrs right) => left.CompareTo(right) < 0;

    /// <summary>Higher.</summary>
    public static bool operator >(Hrs left, Hrs right) => left.CompareTo(right) > 0;

    /// <summary>Lower or equal.</summary>
    public static bool operator <=(Hrs left, Hrs right) => left.CompareTo(right) <= 0;

    /// <summary>Higher or equal.</summary>
    public static bool operator >=(Hrs left, Hrs right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}/{Round}/{Step}");
}
