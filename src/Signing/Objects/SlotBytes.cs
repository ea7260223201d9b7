using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VirtEngine.DR.Signing;

/// <summary>The canonical bytes of the register's objects: one object, one byte string, whoever writes it.</summary>
public static class SlotBytes
{
    /// <summary>The largest object that is read; nothing of the register comes near it.</summary>
    public const int Limit = 1 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.Default,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The bytes of a slot.</summary>
    public static byte[] Write(SlotObject value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>The bytes of the members.</summary>
    public static byte[] Write(RegisterMembers value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>The bytes of an enrolled machine.</summary>
    public static byte[] Write(EnrolledMachine value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Lower-case hex SHA-256.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads a slot that must be of this signer and epoch.</summary>
    /// <exception cref="InvalidDataException">It is no such object, or not in its canonical form: a foreign hand wrote it.</exception>
    public static Slot Read(ReadOnlySpan<byte> bytes, SignerName signer, long epoch)
    {
        var value = Parse<SlotObject>(bytes, Write);
        if (value.Signer != signer || value.Epoch != epoch)
        {
            throw new InvalidDataException($"the slot of epoch {epoch} of {signer} holds an object of epoch {value.Epoch} of {value.Signer}");
        }

        if (signer.IsBudget && value.Kind == SlotKind.Holder != value.Budget is not null)
        {
            throw new InvalidDataException($"slot {epoch} of the power budget of {signer.Chain} is a {value.Kind} and {(value.Budget is null ? "says nothing of a reservation" : "speaks of one")}");
        }

        return value.Kind == SlotKind.Holder == value.Holder is { Length: > 0 } ? new Slot(value, Digest(bytes))
            : throw new InvalidDataException($"the slot of epoch {epoch} of {signer} is a {value.Kind} and {(value.Holder is null ? "names no holder" : "names a holder")}");
    }

    /// <summary>Reads the members.</summary>
    /// <exception cref="InvalidDataException">It is no such object.</exception>
    public static RegisterMembers ReadMembers(ReadOnlySpan<byte> bytes)
    {
        var value = Parse<RegisterMembers>(bytes, Write);
        return value.Generation > 0 && value.Register.Length > 0 && value.Buckets.Count > 0 && value.Buckets.Distinct(StringComparer.Ordinal).Count() == value.Buckets.Count
            ? value
            : throw new InvalidDataException("the members name no register, no generation, no bucket, or one bucket twice");
    }

    /// <summary>Reads an enrolled machine that must be this one.</summary>
    /// <exception cref="InvalidDataException">It is no such object.</exception>
    public static EnrolledMachine ReadMachine(ReadOnlySpan<byte> bytes, string machine, int generation = 1)
    {
        var value = Parse<EnrolledMachine>(bytes, Write);
        return value.Generation != generation ? throw new InvalidDataException(FormattableString.Invariant($"the key of generation {generation} of machine '{machine}' says that it is of generation {value.Generation}"))
            : value.Machine == machine && value.PublicKey.Length > 0 ? value
            : throw new InvalidDataException($"the enrolment of '{machine}' names machine '{value.Machine}' and {(value.PublicKey.Length > 0 ? "a key" : "no key")}");
    }

    private static T Parse<T>(ReadOnlySpan<byte> bytes, Func<T, byte[]> write)
    {
        T value;
        try
        {
            value = JsonSerializer.Deserialize<T>(bytes, Options) ?? throw new InvalidDataException("the object is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"not an object of the register: {e.Message}", e);
        }

        return write(value).AsSpan().SequenceEqual(bytes) ? value : throw new InvalidDataException("the object is not in its canonical form: something else than this program wrote it");
    }
}
