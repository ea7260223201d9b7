using System.Globalization;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>What <c>priv_validator_state.json</c> guards: nothing at or below it is signed again. Ordered by height, round, step.</summary>
/// <param name="Height">Block height.</param>
/// <param name="Round">Consensus round.</param>
/// <param name="Step">1 propose, 2 prevote, 3 precommit.</param>
public readonly record struct SigningState(long Height, int Round, int Step) : IComparable<SigningState>
{
    /// <inheritdoc />
    public int CompareTo(SigningState other) => (Height, Round, Step).CompareTo((other.Height, other.Round, other.Step));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}/{Round}/{Step}");

    /// <summary>Lower.</summary>
    public static bool operator <(SigningState left, SigningState right) => left.CompareTo(right) < 0;

    /// <summary>Higher.</summary>
    public static bool operator >(SigningState left, SigningState right) => left.CompareTo(right) > 0;

    /// <summary>Not higher.</summary>
    public static bool operator <=(SigningState left, SigningState right) => left.CompareTo(right) <= 0;

    /// <summary>Not lower.</summary>
    public static bool operator >=(SigningState left, SigningState right) => left.CompareTo(right) >= 0;
}
