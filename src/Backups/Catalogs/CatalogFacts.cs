using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>What a listing keeps of a manifest; the rest is dropped at once, for there may be hundreds of large ones.</summary>
internal sealed record CatalogFacts(string Digest, int Files, long PlainBytes, string? AppHash, string? BinaryVersion)
{
    public static CatalogFacts Of(VerifiedManifest verified) => new(
        verified.Digest, verified.Manifest.Files.Count, verified.Manifest.PlainBytes(), verified.Manifest.AppHash, verified.Manifest.BinaryVersion);
}
