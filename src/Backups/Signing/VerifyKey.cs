namespace VirtEngine.DR.Backups.Signing;

/// <summary>A public key that may have signed manifests.</summary>
/// <param name="KeyId">First 32 hex digits of the SHA-256 over <paramref name="PublicKeyInfo"/>.</param>
/// <param name="Algorithm"><c>ed25519</c>, <c>rsa-sha256</c> or <c>ecdsa-sha256</c>.</param>
/// <param name="PublicKeyInfo">The key as DER SubjectPublicKeyInfo.</param>
/// <param name="Chains">Chain ids that it may sign for; <c>*</c> is any.</param>
/// <param name="Nodes">Nodes that it may sign for; <c>*</c> is any.</param>
/// <param name="Kinds">Kinds that it may sign for; <c>*</c> is any.</param>
/// <param name="RevokedAt">Since when nothing that only it signed is believed; null while it is good.</param>
public sealed record VerifyKey(
    string KeyId,
    string Algorithm,
    byte[] PublicKeyInfo,
    IReadOnlyList<string> Chains,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Kinds,
    DateTimeOffset? RevokedAt = null)
{
    /// <summary>Whether it may sign for the scope.</summary>
    public bool Allows(BackupScope scope) => Has(Chains, scope.Chain) && Has(Nodes, scope.Node) && Has(Kinds, scope.Kind);

    private static bool Has(IReadOnlyList<string> allowed, string name) => allowed.Contains("*") || allowed.Contains(name);
}
