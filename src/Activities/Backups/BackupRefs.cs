using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Makes the reference that travels through workflows.</summary>
public static class BackupRefs
{
    /// <summary>From a verified manifest.</summary>
    public static BackupRef Of(Manifest manifest, BackupId id, string key, string digest) => new()
    {
        Chain = manifest.Chain,
        Node = manifest.Node,
        Kind = manifest.Kind,
        Id = id.ToString(),
        ManifestKey = key,
        Digest = digest,
        Height = manifest.Height,
        AppHash = manifest.AppHash,
        TakenAt = Milliseconds(manifest.Instant.TakenAt),
        Bytes = manifest.PlainBytes(),
        Files = manifest.Files.Count,
        BinaryVersion = manifest.BinaryVersion,
        Database = manifest.DatabaseKind,
    };

    /// <summary>From a catalog's entry whose signature was verified.</summary>
    public static BackupRef Of(CatalogEntry entry) => new()
    {
        Chain = entry.Scope.Chain,
        Node = entry.Scope.Node,
        Kind = entry.Scope.Kind,
        Id = entry.Id.ToString(),
        ManifestKey = entry.Key,
        Digest = entry.Digest ?? "",
        Height = entry.Height,
        AppHash = entry.AppHash,
        TakenAt = entry.TakenAt,
        Bytes = entry.PlainBytes,
        Files = entry.Files,
        BinaryVersion = entry.BinaryVersion,
    };

    /// <summary>As a manifest keeps times, so that a reference made before and one made after reading are equal.</summary>
    private static DateTimeOffset Milliseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
