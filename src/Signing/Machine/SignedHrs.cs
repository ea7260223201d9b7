namespace VirtEngine.DR.Signing;

/// <summary>What an HRS file says, with the signature that it keeps.</summary>
/// <param name="Value">Height, round, step.</param>
/// <param name="Signature">The last signature, base64; null where the format keeps none (tmkms).</param>
public sealed record SignedHrs(Hrs Value, string? Signature)
{
    /// <summary>The step of a precommit: what a block's commit shows.</summary>
    public const int Precommit = 3;

    /// <summary>The last vote, where the file keeps both what was signed and the signature.</summary>
    public SignedVote? Vote { get; init; }
}
