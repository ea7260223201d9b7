namespace VirtEngine.DR.Backups.Writing;

/// <summary>How a backup is written.</summary>
/// <param name="Parallelism">Files in flight at once; each holds about 8 MiB.</param>
/// <param name="BytesPerSecond">Limit of what is uploaded; 0 is none.</param>
/// <param name="IndexFolder">Where this host keeps its known-tables index; null keeps none and reads everything.</param>
/// <param name="RereadShare">The share of known tables that is read again all the same, 0 to 1.</param>
/// <param name="FullReadEvery">After this long the index is set aside once and everything is read.</param>
/// <param name="RetainUntil">Lock what is written, and extend what is re-used, until then, where the bucket has object lock.</param>
public sealed record WriterOptions(
    int Parallelism = 4,
    long BytesPerSecond = 0,
    string? IndexFolder = null,
    double RereadShare = 0.01,
    TimeSpan? FullReadEvery = null,
    DateTimeOffset? RetainUntil = null);
