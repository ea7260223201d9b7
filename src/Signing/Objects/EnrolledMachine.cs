using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>
/// A machine and the public half of its key, as the register holds it (<c>machines/HASH.json</c>, written once; a later key of the same machine is a
/// generation of its own, <c>machines/HASH-000002.json</c>). The highest generation that any bucket shows is the only one that can count, and does when
/// a majority of the members holds the same bytes: an older key is refused from the first object of a newer one on.
/// </summary>
/// <param name="Machine">The machine's identity.</param>
/// <param name="PublicKey">Base64 of its key's SubjectPublicKeyInfo: what <see cref="FenceAnswer.Verify"/> takes.</param>
/// <param name="Node">The node of the estate on whose host it was enrolled first; for people.</param>
public sealed record EnrolledMachine(string Machine, string PublicKey, string Node)
{
    /// <summary>The generation of the key, from 1.</summary>
    [JsonIgnore]
    public int Generation => Rekey?.Generation ?? 1;

    /// <summary>Why this key took the place of another; null in the first generation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MachineRekey? Rekey { get; init; }
}
