namespace VirtEngine.DR.Backups.Manifests;

/// <summary>What lies beside a manifest. Digest and size only tell mistakes apart; what counts is the signature over the manifest's bytes.</summary>
/// <param name="Algorithm">Of the signature.</param>
/// <param name="Digest">SHA-256 of the manifest's stored bytes.</param>
/// <param name="Format">1.</param>
/// <param name="KeyId">Who signed.</param>
/// <param name="Signature">Base64.</param>
/// <param name="Size">Bytes of the manifest.</param>
public sealed record SignatureFile(string Algorithm, string Digest, int Format, string KeyId, byte[] Signature, int Size);
