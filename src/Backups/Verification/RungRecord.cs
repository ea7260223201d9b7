namespace VirtEngine.DR.Backups.Verification;

/// <summary>One verification, recorded beside the backup.</summary>
/// <param name="At">When, by the verifier's clock.</param>
/// <param name="Digest">The manifest's digest; a record for other bytes does not count.</param>
/// <param name="Facts">What was seen: objects read, the height reached, the reference's name.</param>
/// <param name="Passed">Whether the rung holds.</param>
/// <param name="Problems">What was wrong, empty when it passed.</param>
/// <param name="Region">The region whose copy was verified.</param>
/// <param name="Rung">Which one.</param>
/// <param name="Verifier">Who verified: a host or a run id.</param>
public sealed record RungRecord(
    DateTimeOffset At,
    string Digest,
    IReadOnlyDictionary<string, string> Facts,
    bool Passed,
    IReadOnlyList<string> Problems,
    string Region,
    Rung Rung,
    string Verifier);
