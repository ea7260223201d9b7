using System.Text.Json;

namespace VirtEngine.DR.Signing;

/// <summary>What two people sign for a start without the register: this key, this machine, this boot, this epoch, once.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Address">The consensus address.</param>
/// <param name="Machine">The machine's identity.</param>
/// <param name="BootId">The boot.</param>
/// <param name="Epoch">The epoch that allows the machine offline.</param>
/// <param name="Nonce">Random: no former signature fits.</param>
public sealed record OfflineChallenge(string Chain, string Address, string Machine, string BootId, long Epoch, string Nonce)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true };

    /// <summary>The bytes that are signed, and that the file holds.</summary>
    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="InvalidDataException">It is none, or not in its own form.</exception>
    public static OfflineChallenge Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<OfflineChallenge>(bytes, Options) is { } value && value.Bytes().AsSpan().SequenceEqual(bytes) ? value
                : throw new InvalidDataException("the challenge is not in its own form: copy the file as it is");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"this is no challenge: {e.Message}", e);
        }
    }
}

/// <summary>A person's signature of a challenge, as a file holds it.</summary>
/// <param name="Name">Who.</param>
/// <param name="Signature">Base64.</param>
public sealed record OfflineSignature(string Name, string Signature)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>The file's bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static OfflineSignature Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<OfflineSignature>(bytes, Options) ?? throw new InvalidDataException("this is no signature of a challenge");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"this is no signature of a challenge: {e.Message}", e);
        }
    }
}
