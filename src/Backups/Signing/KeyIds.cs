using System.Security.Cryptography;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Names of public keys.</summary>
public static class KeyIds
{
    /// <summary>First 32 hex digits of the SHA-256 over DER SubjectPublicKeyInfo.</summary>
    public static string Of(ReadOnlySpan<byte> publicKeyInfo) => Convert.ToHexStringLower(SHA256.HashData(publicKeyInfo))[..32];
}
