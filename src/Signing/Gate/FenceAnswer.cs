using System.Security.Cryptography;
using System.Text.Json;

namespace VirtEngine.DR.Signing;

/// <summary>A machine's signed word that it is fenced.</summary>
public sealed record FenceAnswer
{
    /// <summary>The key.</summary>
    public required SignerName Signer { get; init; }

    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>The fence on its disk.</summary>
    public required long Fence { get; init; }

    /// <summary>Its boot.</summary>
    public required string BootId { get; init; }

    /// <summary>The asker's nonce.</summary>
    public required string Nonce { get; init; }

    /// <summary>The HRS file after the stop; null when it could not be read.</summary>
    public Hrs? LastSigned { get; init; }

    /// <summary>The vote that it signed there; null where the file keeps none.</summary>
    public SignedVote? Vote { get; init; }

    /// <summary>ECDSA P-256 over everything else, base64.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The answer with its signature.</summary>
    public FenceAnswer Sign(ECDsa key) => this with { Signature = Convert.ToBase64String(key.SignData(Bytes(), HashAlgorithmName.SHA256)) };

    /// <summary>Whether it was signed with the machine's enrolled key (base64 of its SubjectPublicKeyInfo).</summary>
    public bool Verify(string enrolledKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(enrolledKey), out _);
            return key.VerifyData(Bytes(), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The evidence that it is.</summary>
    public EndEvidence Evidence(string enrolledKey) => new()
    {
        Machine = Machine,
        Below = Fence,
        Kind = EndKind.FenceAdopted,
        Fence = Fence,
        BootId = BootId,
        Nonce = Nonce,
        LastSigned = LastSigned,
        Vote = Vote,
        Signed = Verify(enrolledKey),
        Proof = [Signature],
    };

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this with { Signature = "" });
}
