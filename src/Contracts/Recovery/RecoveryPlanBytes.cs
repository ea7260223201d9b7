using System.Security.Cryptography;
using System.Text.Json;

namespace VirtEngine.DR.Contracts.Recovery;

/// <summary>A plan as the bytes that are approved, signed and kept.</summary>
public static class RecoveryPlanBytes
{
    /// <summary>The bytes.</summary>
    public static byte[] Write(RecoveryPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, DrDataConverter.JsonOptions);

    /// <summary>The plan.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RecoveryPlan Read(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<RecoveryPlan>(body, DrDataConverter.JsonOptions) ?? throw new JsonException("null");

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string Digest(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
