namespace VirtEngine.DR.Backups.Storage;

/// <summary>What a store can do beyond put, get, list and delete.</summary>
/// <param name="Versioned">Former versions of a key stay readable.</param>
/// <param name="ObjectLock">Versions can be locked against deletion.</param>
public sealed record ObjectStoreCapabilities(bool Versioned, bool ObjectLock);

/// <summary>How an object is written; all of it optional.</summary>
/// <param name="Overwrite">Replace what is there. Only for markers that are rewritten by design (indexes, verification records).</param>
/// <param name="RetainUntil">Lock the version until then, where the store has locks.</param>
/// <param name="ContentType">The media type, for people who look at the bucket.</param>
public sealed record PutOptions(bool Overwrite = false, DateTimeOffset? RetainUntil = null, string? ContentType = null);

/// <summary>What a conditional write did.</summary>
public enum PutOutcome
{
    /// <summary>The object is durable now.</summary>
    Created,

    /// <summary>The key is taken; nothing was written.</summary>
    Exists,
}

/// <summary>One object of a listing.</summary>
/// <param name="Key">The key below the store's prefix.</param>
/// <param name="Size">Stored size in bytes.</param>
/// <param name="LastModified">By the store's clock.</param>
/// <param name="Version">The version id, null where the store has none.</param>
public sealed record ObjectInfo(string Key, long Size, DateTimeOffset LastModified, string? Version = null);
