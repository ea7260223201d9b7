using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>
/// That a machine can never again sign by a grant below an epoch, said by who saw to it: an enrolled machine that wrote the fence into its volume, or two
/// people with their offline keys. It is handed to a move, which holds it against the rules.
/// </summary>
public sealed record EndStatement
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The key.</summary>
    public required SignerName Signer { get; init; }

    /// <summary>The register's id.</summary>
    public required string Register { get; init; }

    /// <summary>The machine that is ended.</summary>
    public required string Machine { get; init; }

    /// <summary>Its grants below this epoch are ended.</summary>
    public required long Below { get; init; }

    /// <summary>How.</summary>
    public required EndKind Kind { get; init; }

    /// <summary>For <see cref="EndKind.VolumeFenced"/>: the fence that is in its volume.</summary>
    public long Fence { get; init; }

    /// <summary>The HRS file on its volume, read after the fence; null when it could not be read, or nobody did.</summary>
    public Hrs? LastSigned { get; init; }

    /// <summary>What shows it: the cloud's answer, the HSM's refusal, the serial number.</summary>
    public IReadOnlyList<string> Proof { get; init; } = [];

    /// <summary>Who made the statement.</summary>
    public required string By { get; init; }

    /// <summary>For <see cref="EndKind.VolumeFenced"/>: the enrolled machine that had the volume mounted.</summary>
    public string? Witness { get; init; }

    /// <summary>That machine's signature.</summary>
    public string WitnessSignature { get; init; } = "";

    /// <summary>The signatures of people.</summary>
    public IReadOnlyList<OfflineSignature> Signatures { get; init; } = [];

    /// <summary>What is signed: everything but the signatures.</summary>
    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this with { WitnessSignature = "", Signatures = [] }, Options);

    /// <summary>With the signature of the machine that had the volume.</summary>
    public EndStatement Sign(ECDsa key) => this with { WitnessSignature = Convert.ToBase64String(key.SignData(Bytes(), HashAlgorithmName.SHA256)) };

    /// <summary>Whether the witness's enrolled key (base64 of its SubjectPublicKeyInfo) signed it.</summary>
    public bool Verify(string enrolledKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(enrolledKey), out _);
            return key.VerifyData(Bytes(), Convert.FromBase64String(WitnessSignature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The evidence that it is, with the people whose signatures were found right.</summary>
    public EndEvidence Evidence(IReadOnlyList<string> people) => new()
    {
        Machine = Machine,
        Below = Below,
        Kind = Kind,
        Fence = Fence,
        LastSigned = LastSigned,
        Proof = [.. Proof, .. Witness is null ? Array.Empty<string>() : [$"written by {Witness}: {WitnessSignature}"]],
        Approvals = [.. people.Select(name => new SlotApproval(name, "ended", Signatures.First(one => one.Name == name).Signature))],
    };

    /// <summary>The file's bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static EndStatement Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<EndStatement>(bytes, Options) ?? throw new InvalidDataException("this is no statement of an end");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"this is no statement of an end: {e.Message}", e);
        }
    }
}
