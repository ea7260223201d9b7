using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates;

/// <summary>A valid estate and its digest, which runs and approvals pin.</summary>
/// <param name="Estate">The estate: defaults filled in, relative paths resolved, public keys read.</param>
/// <param name="Digest">SHA-256 of its canonical JSON form, lower-case hex.</param>
public sealed record LoadedEstate(Estate Estate, string Digest)
{
    /// <summary>The file that it was read from; null when it came from a text.</summary>
    public string? Path { get; init; }
}
