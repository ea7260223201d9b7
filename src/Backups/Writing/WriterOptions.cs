namespace VirtEngine.DR.Backups.Writing;

/// <summary>How a backup is written.</summary>
/// <param name="Parallelism">Files in flight at once; each holds about 8 MiB.</param>
/// <param name="BytesPerSecond">Limit of what is uploaded; 0 is none.</param>
/// <param name="IndexFolder">Where this host keeps its known-tables index; null keeps none and reads everything.</param>
/// <param name="RereadShare">The share of known tables that is read again all the same, 0 to 1.</param>
/// <param name="FullReadEvery">After this long the index is set aside once and everything is read.</param>
/// <param name="LockFor">Lock what is written, and extend what is re-used, for this long by the bucket's clock, where the bucket has object lock.</param>
public sealed record WriterOptions(
    int Parallelism = 4,
    long BytesPerSecond = 0,
    string? IndexFolder = null,
    double RereadShare = 0.01,
    TimeSpan? FullReadEvery = null,
    TimeSpan? LockFor = null)
{
    /// <summary>Limit of what is read from the snapshot, in bytes a second; 0 is none.</summary>
    public long ReadBytesPerSecond { get; init; }

    /// <summary>Read only when the disk is idle otherwise (Linux' idle class; a scheduler without classes ignores it).</summary>
    public bool IdleReads { get; init; }

    /// <summary>The date that follows from <see cref="LockFor"/>, once the bucket's clock is known.</summary>
    internal DateTimeOffset? RetainUntil { get; init; }
}
