namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>What a folder's files are, as far as copying depends on it.</summary>
internal enum DatabaseKind
{
    /// <summary>No database: everything is copied inside the pause.</summary>
    None,

    /// <summary>goleveldb: tables never change, journals are only appended to.</summary>
    GoLevelDb,

    /// <summary>Pebble or RocksDB: tables never change; journals are recycled, so no prefix of one may be kept.</summary>
    Recycling,

    /// <summary>The consensus WAL: its head and its chunks are only appended to.</summary>
    Wal,

    /// <summary>State-sync snapshots: a chunk never changes once it is complete.</summary>
    Chunks,
}
