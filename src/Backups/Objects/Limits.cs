namespace VirtEngine.DR.Backups.Objects;

/// <summary>Bounds of the format; they bound memory on both ends.</summary>
internal static class Limits
{
    /// <summary>Plain bytes of one object. Two tables of goleveldb; large files are split here.</summary>
    public const int ObjectPlain = 4 << 20;

    /// <summary>Stored bytes of one object: what zstd may add, and the envelope.</summary>
    public const int ObjectStored = ObjectPlain + (64 << 10);

    /// <summary>Files up to this size that may change share a pack.</summary>
    public const int SmallFile = 128 << 10;

    /// <summary>zstd's window.</summary>
    public const int Window = 8 << 20;

    /// <summary>Bytes of a manifest.</summary>
    public const int Manifest = 512 << 20;

    /// <summary>Bytes of signatures, records, intents.</summary>
    public const int Small = 1 << 20;

    /// <summary>Bytes of a mark.</summary>
    public const int Mark = 64 << 20;
}
