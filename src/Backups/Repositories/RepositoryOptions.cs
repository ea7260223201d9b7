using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Signing;

namespace VirtEngine.DR.Backups.Repositories;

/// <summary>What a repository is opened with.</summary>
public sealed record RepositoryOptions
{
    /// <summary>The public keys that may have signed, and what for.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>Signs manifests; null where nothing is written.</summary>
    public IManifestSigner? Signer { get; init; }

    /// <summary>Wraps data keys; null where nothing encrypted is written or read.</summary>
    public IKeyWrapper? KeyWrapper { get; init; }

    /// <summary>Encrypt chain state too. Every other kind is always encrypted.</summary>
    public bool EncryptChainState { get; init; }

    /// <summary>The region that the bucket is in, for messages and listings.</summary>
    public string Region { get; init; } = "local";

    /// <summary>zstd's level. 1 keeps up with disks; higher ones rarely pay on tables that are compressed already.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>This host's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
