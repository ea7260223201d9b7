namespace VirtEngine.DR.Backups.Signing;

/// <summary>Signs manifests. Signing and verifying are different identities: this one is on the node, the public keys are everywhere.</summary>
public interface IManifestSigner
{
    /// <summary>First 32 hex digits of the SHA-256 over the public key's SubjectPublicKeyInfo.</summary>
    string KeyId { get; }

    /// <summary><c>ed25519</c>, <c>rsa-sha256</c> (PKCS#1 v1.5) or <c>ecdsa-sha256</c> (DER).</summary>
    string Algorithm { get; }

    /// <summary>Signs the message.</summary>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
