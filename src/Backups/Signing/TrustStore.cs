namespace VirtEngine.DR.Backups.Signing;

/// <summary>The public keys that are believed, each with what it may sign for.</summary>
/// <param name="Keys">Several, so that a rotation needs no pause.</param>
public sealed record TrustStore(IReadOnlyList<VerifyKey> Keys)
{
    /// <summary>The key of an id, or null.</summary>
    public VerifyKey? Find(string keyId) => Keys.FirstOrDefault(key => key.KeyId == keyId);
}
