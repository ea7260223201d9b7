namespace VirtEngine.DR.Backups.Signing;

/// <summary>The algorithms that manifests may be signed with.</summary>
public static class SignatureAlgorithms
{
    /// <summary>Ed25519 (RFC 8032).</summary>
    public const string Ed25519 = "ed25519";

    /// <summary>RSA PKCS#1 v1.5 with SHA-256, at least 2048 bits; what <c>openssl dgst -sha256 -sign</c> makes.</summary>
    public const string Rsa = "rsa-sha256";

    /// <summary>ECDSA with SHA-256 on P-256, P-384 or P-521, DER; what <c>openssl dgst -sha256 -sign</c> makes.</summary>
    public const string Ecdsa = "ecdsa-sha256";
}
