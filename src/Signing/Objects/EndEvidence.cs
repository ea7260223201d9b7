using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>That a machine can never again sign by a grant below an epoch.</summary>
public sealed record EndEvidence
{
    /// <summary>The machine's identity.</summary>
    public required string Machine { get; init; }

    /// <summary>Its grants below this epoch are ended. It says nothing about later ones.</summary>
    public required long Below { get; init; }

    /// <summary>How.</summary>
    public required EndKind Kind { get; init; }

    /// <summary>For <see cref="EndKind.FenceAdopted"/> and <see cref="EndKind.VolumeFenced"/>: the fence that is durable.</summary>
    public long Fence { get; init; }

    /// <summary>The boot in which it answered.</summary>
    public string? BootId { get; init; }

    /// <summary>The asker's nonce, as it came back: an answer to another question proves nothing now.</summary>
    public string? Nonce { get; init; }

    /// <summary>The HRS file as it was read after the end; null when it could not be read.</summary>
    public Hrs? LastSigned { get; init; }

    /// <summary>The vote that was signed there; null where the file keeps none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SignedVote? Vote { get; init; }

    /// <summary>The answer's signature was checked against the machine's enrolled key.</summary>
    public bool Signed { get; init; }

    /// <summary>What shows it: the cloud's answer, the HSM's refusal, the serial number.</summary>
    public IReadOnlyList<string> Proof { get; init; } = [];

    /// <summary>Who vouches for what no machine can show (custody).</summary>
    public IReadOnlyList<SlotApproval> Approvals { get; init; } = [];
}
