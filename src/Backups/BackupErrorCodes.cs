namespace VirtEngine.DR.Backups;

/// <summary>Stable names of what can go wrong; messages may change, these do not.</summary>
public static class BackupErrorCodes
{
    /// <summary>A chain, node or kind cannot be part of a key.</summary>
    public const string ScopeInvalid = "scope-invalid";

    /// <summary>The store holds no <c>repository.json</c>.</summary>
    public const string RepositoryMissing = "repository-missing";

    /// <summary><c>repository.json</c> is of a future format or not readable.</summary>
    public const string RepositoryUnreadable = "repository-unreadable";

    /// <summary>Options contradict each other or lack something that the call needs.</summary>
    public const string OptionsInvalid = "options-invalid";

    /// <summary>No backup fits the selector.</summary>
    public const string BackupMissing = "backup-missing";

    /// <summary>There is no manifest under the key.</summary>
    public const string ManifestMissing = "manifest-missing";

    /// <summary>The manifest is shorter than what was signed.</summary>
    public const string ManifestTruncated = "manifest-truncated";

    /// <summary>The manifest's signed bytes are not a manifest.</summary>
    public const string ManifestInvalid = "manifest-invalid";

    /// <summary>The manifest is of a format that this program does not know.</summary>
    public const string ManifestFutureFormat = "manifest-future-format";

    /// <summary>The signed chain id is not the key's.</summary>
    public const string ManifestOtherChain = "manifest-other-chain";

    /// <summary>The signed node is not the key's.</summary>
    public const string ManifestOtherNode = "manifest-other-node";

    /// <summary>The signed kind is not the key's.</summary>
    public const string ManifestOtherKind = "manifest-other-kind";

    /// <summary>The signed height, time or id is not the key's.</summary>
    public const string ManifestRenamed = "manifest-renamed";

    /// <summary>The backup was pruned or its intent revoked: a tombstone lies at its key.</summary>
    public const string BackupRevoked = "backup-revoked";

    /// <summary>There is no signature beside the manifest.</summary>
    public const string SignatureMissing = "signature-missing";

    /// <summary>The signature file is not one.</summary>
    public const string SignatureInvalid = "signature-invalid";

    /// <summary>A trusted key's signature does not fit the bytes.</summary>
    public const string SignatureWrong = "signature-wrong";

    /// <summary>Only keys that are not trusted signed.</summary>
    public const string SignatureUnknownKey = "signature-unknown-key";

    /// <summary>The key may not sign for this chain, node or kind.</summary>
    public const string SignatureScope = "signature-scope";

    /// <summary>Only revoked keys signed, and no countersignature or locked version helps.</summary>
    public const string SignatureRevoked = "signature-revoked";

    /// <summary>A key file cannot be used.</summary>
    public const string KeyInvalid = "key-invalid";

    /// <summary>An object is not in the store.</summary>
    public const string ObjectMissing = "object-missing";

    /// <summary>An object's bytes are not those that the manifest names.</summary>
    public const string ObjectCorrupt = "object-corrupt";

    /// <summary>Authenticated decryption failed, or the header is not ours.</summary>
    public const string DecryptionFailed = "decryption-failed";

    /// <summary>This kind must be encrypted and no key is configured, or it is encrypted and none is at hand.</summary>
    public const string EncryptionKeyMissing = "encryption-key-missing";

    /// <summary>A path is absolute, leaves the folder, or is otherwise unsafe.</summary>
    public const string PathUnsafe = "path-unsafe";

    /// <summary>There is not enough space.</summary>
    public const string NoSpace = "no-space";

    /// <summary>A table's own checksums do not fit on the node's disk.</summary>
    public const string SourceCorrupt = "source-corrupt";

    /// <summary>A source file is not as the snapshot says (size, missing).</summary>
    public const string SourceChanged = "source-changed";

    /// <summary>A file that holds a private key was about to enter a backup.</summary>
    public const string SecretRefused = "secret-refused";

    /// <summary>A newer backup is known: choosing this one needs an approval.</summary>
    public const string Superseded = "superseded";

    /// <summary>An operation needs an object that a collector has marked; try again after the collection.</summary>
    public const string ObjectMarked = "object-marked";

    /// <summary>Deleting is not safe now; the message says why.</summary>
    public const string CollectionStopped = "collection-stopped";

    /// <summary>The signing state cannot be read, so nothing is swapped.</summary>
    public const string SigningStateUnreadable = "signing-state-unreadable";

    /// <summary>There is no signing state and no floor: starting with the key would be a double-sign risk.</summary>
    public const string SigningStateMissing = "signing-state-missing";

    /// <summary>The staged folder is not what the manifest says.</summary>
    public const string StagingMismatch = "staging-mismatch";

    /// <summary>Another swap is unfinished or does not fit what is on disk.</summary>
    public const string SwapConflict = "swap-conflict";

    /// <summary>Every source failed; the message names each.</summary>
    public const string SourcesUnreachable = "sources-unreachable";

    /// <summary>What was asked for is evidence, and evidence is never restored.</summary>
    public const string EvidenceOnly = "evidence-only";
}
