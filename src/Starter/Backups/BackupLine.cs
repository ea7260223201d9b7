using VirtEngine.DR.Backups.Catalogs;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>A backup as <c>backup list</c> and <c>backup show</c> write it.</summary>
internal sealed record BackupLine(
    string Id, string Chain, string Node, string Kind, long Height, DateTimeOffset TakenAt, int Files, long Bytes, string? AppHash,
    string? BinaryVersion, string Manifest, string? Digest, bool Valid, bool Proven, int Rung, IReadOnlyList<string> Regions,
    IReadOnlyList<string> Problems, IReadOnlyList<string> Verifications)
{
    public static BackupLine Of(CatalogEntry entry) => new(
        entry.Id.ToString(), entry.Scope.Chain, entry.Scope.Node, entry.Scope.Kind, entry.Height, entry.TakenAt, entry.Files, entry.PlainBytes,
        entry.AppHash, entry.BinaryVersion, entry.Key, entry.Digest, entry.Valid, entry.Proven, (int)(entry.HighestRung ?? 0),
        [.. entry.Copies.Where(copy => copy.Problem is null).Select(copy => copy.Region)],
        [.. entry.Copies.Where(copy => copy.Problem is not null).Select(copy => $"{copy.Region}: {copy.Problem}")],
        [
            .. entry.Rungs.Select(record => $"{Views.Durations.Stamp(record.At)} {record.Region} rung {(int)record.Rung} ({Rungs.Word((int)record.Rung)}) "
                + (record.Passed ? "passed" : "FAILED: " + string.Join("; ", record.Problems)) + $", by {record.Verifier}"),
        ]);
}
